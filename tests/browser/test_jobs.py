"""Making a job, watching it, changing it, ending it."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from proteinx.contracts.states import AttemptState, JobState
from tests.browser.portal import Visitor
from tests.integration.harness import Lab

DATA = Path(__file__).resolve().parents[1] / "data" / "gb1_three_vs_rest.csv"
Visit = Callable[..., Visitor]


def test_a_job_from_the_form_with_live_log_and_curve(workers: Lab, visit: Visit) -> None:
    workers.agent()
    gate = workers.gate()
    visitor = visit("ana")
    page = visitor.page
    visitor.goto("/jobs/new", "New job")
    visitor.choose("Project", "counter")
    page.get_by_label("steps", exact=True).fill("many")
    expect(page.get_by_role("alert").filter(has_text="must be a number")).to_be_visible()
    expect(visitor.button("Start the job")).to_be_disabled()
    page.get_by_label("steps", exact=True).fill("40")
    page.get_by_label("hold", exact=True).fill("10")
    page.get_by_label("gate", exact=True).fill(str(gate))
    page.get_by_label("Name", exact=True).fill("from the form")
    visitor.choose("Environment", "Virtual environment")
    expect(page.get_by_role("alert").filter(has_text="python_env.yaml, which the project does")).to_be_visible()
    visitor.choose("Environment", "The worker's own")
    page.get_by_label("Warm start").click()
    expect(page.get_by_text("Ready to run")).to_be_visible()
    page.get_by_text("px command", exact=True).click()
    expect(page.locator("pre").filter(has_text="px submit counter -P steps=40 -P hold=10 -P gate=")).to_be_visible()
    expect(page.locator("pre").filter(has_text="--environment own --cold")).to_be_visible()
    visitor.button("Start the job").click()

    visitor.heading("from the form")
    job_id = page.url.split("/jobs/")[1].split("?")[0]
    visitor.tab("Log")
    log = page.get_by_role("log")
    expect(log.get_by_text(re.compile(r"^step \d+$")).first).to_be_visible(timeout=60_000)
    visitor.status("Running")
    visitor.tab("Metrics")
    expect(page.get_by_role("heading", name="count", level=3)).to_be_visible()
    expect(page.get_by_role("img", name=re.compile(r"Curves of count\. Last values: count: \d"))).to_be_visible()
    gate.touch()
    visitor.status("Succeeded")
    visitor.tab("Log")
    expect(log.get_by_text("last line", exact=True)).to_be_visible()
    expect(page.get_by_text("42 lines")).to_be_visible()
    assert workers.job(job_id).parameters == {"steps": "40", "hold": "10", "gate": str(gate)}

    visitor.tab("Results")
    visitor.button("result.json").click()
    expect(page.get_by_text('"steps": 40')).to_be_visible()
    visitor.tab("Timeline")
    expect(page.get_by_role("table", name="Timeline").get_by_text("Succeeded").first).to_be_visible()
    expect(page.get_by_role("table", name="Attempts").get_by_text("The worker's own · cold start")).to_be_visible()


def test_a_projects_own_form(lab: Lab, visit: Visit) -> None:
    """The built-in project: groups bring their settings, a mistake is told at its field, a clone shows what changed."""
    lab.member.datasets.upload("gb1", DATA)
    visitor = visit("ana")
    page = visitor.page
    visitor.goto("/jobs/new", "New job")
    visitor.choose("Project", "protein")
    expect(page.get_by_label("model.optimizer.lr", exact=True)).to_be_visible()
    visitor.choose("model", "ridge")
    expect(page.get_by_label("model.optimizer.lr", exact=True)).to_have_count(0)
    expect(page.get_by_role("alert").filter(has_text="needs the input 'data'")).to_be_visible()
    visitor.choose("data", "gb1@1")
    expect(page.get_by_text("Ready to run")).to_be_visible()
    expect(page.locator("pre").filter(has_text="proteinlab.training.models.linear")).to_be_visible()
    visitor.choose("model", "cnn")
    page.get_by_label("trainer.max_epochs", exact=True).fill("7")
    page.get_by_text("More overrides").click()
    page.get_by_label("Hydra overrides, one a line").fill("modle=cnn")
    expect(page.get_by_role("alert").filter(has_text="Did you mean 'model'?")).to_be_visible()
    expect(visitor.button("Start the job")).to_be_disabled()
    page.reload()
    expect(page.get_by_label("trainer.max_epochs", exact=True)).to_have_value("7")  # the draft is kept
    visitor.button("Start over").click()
    expect(page.get_by_label("Hydra overrides, one a line")).to_have_value("")


def test_keyboard_alone_makes_a_job(workers: Lab, visit: Visit) -> None:
    workers.agent()
    visitor = visit("ana")
    page = visitor.page
    visitor.goto("/jobs", "Jobs")
    page.keyboard.press("c")
    visitor.heading("New job")
    page.get_by_label("Project", exact=True).focus()
    page.keyboard.type("counter")
    page.keyboard.press("Enter")
    steps = page.get_by_label("steps", exact=True)
    expect(steps).to_be_visible()
    for _ in range(20):
        page.keyboard.press("Tab")
        if steps.evaluate("element => element === document.activeElement"):
            break
    page.keyboard.type("3")
    expect(page.get_by_text("Ready to run")).to_be_visible()
    submit = visitor.button("Start the job")
    expect(submit).to_be_enabled()
    for _ in range(60):
        page.keyboard.press("Tab")
        if submit.evaluate("element => element === document.activeElement"):
            break
    page.keyboard.press("Enter")
    visitor.heading(re.compile("^counter-main-"))
    visitor.status("Succeeded")


def test_clone_with_one_change_and_its_difference(workers: Lab, visit: Visit) -> None:
    workers.agent()
    first = workers.submit(parameters={"steps": 3}, name="first")
    workers.wait(first)
    visitor = visit("ana")
    page = visitor.page
    visitor.goto(f"/jobs/{first}", "first")
    page.get_by_role("link", name="Clone").click()
    visitor.heading("New job")
    steps = page.get_by_label("steps", exact=True)
    expect(steps).to_have_value("3")
    steps.fill("5")
    page.get_by_label("Name", exact=True).fill("second")
    changes = page.get_by_role("region", name="Changed: 2")
    expect(changes).to_contain_text("steps 3 → 5")
    expect(changes).to_contain_text("name first → second")
    expect(page.get_by_text("Ready to run")).to_be_visible()
    visitor.button("Start the job").click()
    visitor.heading("second")
    visitor.status("Succeeded")
    visitor.tab("Config")
    visitor.page.get_by_label("Compare with …").click()
    page.locator(".ant-select-dropdown:visible").get_by_title(re.compile("^first")).click()
    table = page.get_by_role("table", name="Difference to another job")
    expect(table.get_by_role("row")).to_have_count(2)  # its head, and the one change
    expect(table).to_contain_text("parameters.steps")
    second = page.url.split("/jobs/")[1].split("?")[0]
    visitor.goto(f'/compare?jobs=["{first}","{second}"]', "Compare")
    settings = page.get_by_role("region", name="Settings")
    expect(settings.get_by_role("row").filter(has_text="parameters.steps")).to_contain_text(re.compile("3.*5"))


def test_cancel_and_again_from_another_tab(workers: Lab, visit: Visit) -> None:
    workers.agent()
    job_id = workers.submit(parameters={"steps": 2000, "pause": 0.1}, name="long")
    workers.wait(job_id, JobState.RUNNING)
    one, other = visit("ana"), visit("ana")
    for visitor in (one, other):
        visitor.goto(f"/jobs/{job_id}", "long")
    one.button("Cancel").click()
    one.page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    one.status("Cancelled")
    other.status("Cancelled")  # by itself
    expect(other.button("Cancel")).to_have_count(0)
    other.tab("Timeline")
    expect(other.page.get_by_text("cancelled by ana").first).to_be_visible()


def test_a_node_dies_and_the_job_moves(workers: Lab, hasty: Lab, visit: Visit) -> None:
    first = workers.agent()
    job_id = workers.submit(parameters={"steps": 40, "hold": 13, "gate": workers.gate()}, name="moves")
    workers.wait_checkpoint(job_id, 4)
    visitor = visit("ana")
    page = visitor.page
    visitor.goto(f"/jobs/{job_id}?tab=logs", "moves")
    expect(page.get_by_role("log").get_by_text(re.compile(r"^step \d+$")).first).to_be_visible()
    first.kill_tree()
    second = workers.agent()
    visitor.tab("Timeline")
    attempts = page.get_by_role("table", name="Attempts")
    expect(attempts.get_by_text("Lost")).to_be_visible(timeout=60_000)
    expect(attempts.get_by_text(second.node_name)).to_be_visible(timeout=60_000)
    visitor.tab("Log")
    expect(page.get_by_role("log").get_by_text(re.compile("resumed after step"))).to_be_visible(timeout=60_000)
    visitor.status("Succeeded")
    assert [one.state for one in workers.job(job_id).attempts] == [AttemptState.LOST, AttemptState.SUCCEEDED]


def test_a_failed_job_says_why(workers: Lab, visit: Visit) -> None:
    workers.agent()
    job_id = workers.submit("broken", name="broken")
    workers.wait(job_id, JobState.FAILED)
    visitor = visit("ana")
    visitor.goto(f"/jobs/{job_id}", "broken")
    expect(visitor.page.get_by_text("exit code 3").first).to_be_visible()
    expect(visitor.page.get_by_text("about to fail")).to_be_visible()
    visitor.page.get_by_role("link", name="Open the log").click()
    expect(visitor.page.get_by_role("log").get_by_text("about to fail")).to_be_visible()

    chinese = visit("ana", language="zh")
    chinese.goto(f"/jobs/{job_id}", "broken")
    expect(chinese.page.get_by_text("退出码 3")).to_be_visible()
    chinese.tab("时间线")
    expect(chinese.page.get_by_role("table", name="时间线").get_by_text(re.compile("^已安排到 "))).to_be_visible()


def test_what_the_master_says_is_said_in_chinese_and_after_switching_in_english(lab: Lab, visit: Visit) -> None:
    waiting = lab.submit(name="waits")
    visitor = visit("ana", language="zh")
    page = visitor.page
    visitor.goto(f"/jobs/{waiting}", "waits")
    expect(page.get_by_text(re.compile("还没有工作节点加入|目前没有节点能接收")).first).to_be_visible()
    visitor.goto("/jobs/new", "新建作业")
    visitor.choose("项目", "counter")
    page.get_by_label("steps", exact=True).fill("many")
    alert = page.get_by_role("alert")
    expect(alert.filter(has_text="参数“steps”必须是数字，不能是“many”。")).to_be_visible()
    visitor.button("语言").click()
    page.get_by_role("menuitem", name="English").click()
    expect(alert.filter(has_text="The parameter 'steps' must be a number, not 'many'.")).to_be_visible()
    lab.member.jobs.cancel(waiting)


def test_the_list_moves_by_itself_and_cancels_many(workers: Lab, visit: Visit) -> None:
    visitor = visit("ana")
    page = visitor.page
    visitor.goto("/jobs?q=bulk", "Jobs")
    expect(page.get_by_text("Nothing matches these filters")).to_be_visible()
    ids = [workers.submit(parameters={"steps": 5000}, name=f"bulk {number}") for number in range(3)]
    rows = page.get_by_role("row").filter(has_text="bulk")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("Waiting")
    workers.agent()
    expect(rows.filter(has_text="Running").first).to_be_visible(timeout=60_000)
    page.get_by_label("Select all shown").check()
    visitor.button(re.compile("^Cancel 3")).click()
    page.get_by_role("button", name="OK").click()
    expect(rows.filter(has_text="Cancelled")).to_have_count(3, timeout=60_000)
    for job_id in ids:
        workers.wait(job_id, JobState.CANCELLED)
