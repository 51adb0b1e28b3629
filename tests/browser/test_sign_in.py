"""Getting in: first run, deep links, a sign-in that ends, and the way to MLflow."""

import re
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.portal import Visitor
from tests.integration.harness import PASSWORD, Agent, Lab, Master
from tests.waiting import until


def test_first_run_to_joined_worker(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("first")
    master = Master(folder)
    master.start()
    agents: list[Agent] = []
    try:
        page = browser.new_page(base_url=master.url, locale="zh-CN")
        visitor = Visitor(page)
        visitor.goto("/", "初始化 ProteinX")
        page.get_by_label("初始化令牌").fill("px_s_wrong")
        page.get_by_label("用户名").fill("li")
        page.get_by_label("密码").fill(PASSWORD)
        visitor.button("创建管理员").click()
        expect(page.get_by_role("alert").filter(has_text="初始化令牌不正确")).to_be_visible()
        page.get_by_label("初始化令牌").fill(master.setup_token())
        visitor.button("创建管理员").click()

        path = page.get_by_label("服务器上的目录")
        expect(path).to_have_value(str(master.workdir))
        path.fill("relative")
        expect(page.get_by_text("absolute path")).to_be_visible()
        expect(visitor.button("使用此目录")).to_be_disabled()
        path.fill(str(folder / "other" / "place"))
        expect(page.get_by_text("将创建此目录")).to_be_visible()
        visitor.button("使用此目录").click()

        command = page.locator("pre").inner_text()
        token = re.search(r"PROTEINX_TOKEN=(\S+)", command)
        assert token, command
        expect(page.get_by_text("正在等待机器接入")).to_be_visible()
        agents.append(Agent(folder, "w1", master.url, token[1]))
        agents[0].start()
        expect(page.get_by_text(re.compile("^w1 已加入"))).to_be_visible(timeout=60_000)
        assert visitor.violations() == []
        visitor.button("前往概览").click()
        visitor.heading("概览")
        assert (folder / "other" / "place" / "raw").is_dir()

        visitor.goto("/setup")
        expect(page.get_by_label("初始化令牌")).to_have_count(0)  # it is over, for the admin too
        stranger = Visitor(browser.new_page(base_url=master.url, locale="en-GB"))
        stranger.goto("/setup", "Sign in")
    finally:
        for agent in agents:
            agent.kill_tree()
        master.terminate()


def test_a_deep_link_survives_signing_in_and_a_reload(lab: Lab, visit: Callable[..., Visitor]) -> None:
    visitor = visit(None)
    visitor.goto("/jobs?state=failed&q=none", "Sign in")
    visitor.page.get_by_label("Name").fill("ana")
    visitor.page.get_by_label("Password").fill("wrong password")
    visitor.button("Sign in").click()
    expect(visitor.page.get_by_role("alert").filter(has_text="Name or password is wrong")).to_be_visible()
    visitor.page.get_by_label("Password").fill(PASSWORD)
    visitor.button("Sign in").click()
    visitor.heading("Jobs")
    assert "q=none" in visitor.page.url
    expect(visitor.page.get_by_text("Nothing matches these filters")).to_be_visible()
    visitor.page.reload()
    visitor.heading("Jobs")
    expect(visitor.page.get_by_label("Search", exact=True)).to_have_value("none")


def test_a_sign_in_that_ends_is_asked_for_on_the_page_one_is_on(lab: Lab, visit: Callable[..., Visitor]) -> None:
    visitor = visit(None)
    visitor.sign_in("ana", PASSWORD)
    visitor.goto("/jobs/new", "New job")
    visitor.page.get_by_label("Name", exact=True).fill("typed before")
    visitor.page.get_by_label("Notes").fill("much to lose")
    reply = visitor.page.request.delete("/api/session", headers={"Origin": lab.master.url})
    assert reply.status == 204
    visitor.page.get_by_role("textbox", name="Experiment").fill("another")  # the next question to the master is refused
    dialog = visitor.page.get_by_role("dialog")
    expect(dialog).to_contain_text("Your sign-in has ended")
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in").click()
    expect(dialog).to_have_count(0)
    expect(visitor.page.get_by_label("Name", exact=True)).to_have_value("typed before")
    expect(visitor.page.get_by_label("Notes")).to_have_value("much to lose")


def test_signing_out(lab: Lab, visit: Callable[..., Visitor]) -> None:
    visitor = visit(None)
    visitor.sign_in("ana", PASSWORD)
    cookies = {cookie["name"]: cookie["value"] for cookie in visitor.page.context.cookies()}
    visitor.button(re.compile("Signed in as ana")).click()
    visitor.page.get_by_role("menuitem", name="Sign out").click()
    visitor.heading("Sign in")
    assert httpx.get(f"{lab.master.url}/api/session", cookies=cookies).status_code == 401


def test_mlflow_opens_without_a_second_sign_in(workers: Lab, visit: Callable[..., Visitor]) -> None:
    workers.agent()
    job_id = workers.submit(parameters={"steps": 3}, name="in mlflow")
    workers.wait(job_id)
    visitor = visit("ana")
    visitor.goto(f"/jobs/{job_id}", "in mlflow")
    with visitor.page.expect_popup() as opened:
        visitor.page.get_by_role("link", name=re.compile("Open in MLflow")).click()
    mlflow = opened.value
    expect(mlflow.get_by_text("in mlflow").first).to_be_visible(timeout=60_000)
    assert f"/runs/{job_id}" in mlflow.url
    until(lambda: "proteinx" not in mlflow.title().lower(), 60, "MLflow's own page")


def test_language_and_theme_are_kept(lab: Lab, visit: Callable[..., Visitor]) -> None:
    visitor = visit("ana")
    page = visitor.page
    visitor.goto("/jobs", "Jobs")
    visitor.button("Language").click()
    page.get_by_role("menuitem", name="中文").click()
    visitor.heading("作业")
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    visitor.button("主题").click()
    page.get_by_role("menuitem", name="深色").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    other = page.context.new_page()  # what this context begins with is English; what was chosen is kept beside it
    other.goto("/models")
    expect(other.locator("html")).to_have_attribute("data-theme", "dark")
