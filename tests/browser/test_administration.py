"""People, tokens and machines."""

import re
from collections.abc import Callable

import httpx
from playwright.sync_api import expect

from tests.browser.portal import Visitor
from tests.integration.harness import PASSWORD, Lab
from tests.waiting import until

Visit = Callable[..., Visitor]


def test_a_token_is_shown_once_works_and_is_revoked(lab: Lab, visit: Visit) -> None:
    visitor = visit("ana")
    page = visitor.page
    visitor.goto("/settings?tab=tokens", "Settings")
    visitor.button("New token").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("notebook")
    dialog.get_by_role("button", name="Create").click()
    token = dialog.get_by_role("region", name="Token", exact=True).inner_text().strip()
    assert token.startswith("px_u_")
    headers = {"Authorization": f"Bearer {token}"}
    assert httpx.get(f"{lab.master.url}/api/session", headers=headers).json()["name"] == "ana"
    dialog.get_by_role("button", name="Close").last.click()
    expect(dialog).to_have_count(0)
    assert token not in page.content()
    row = page.get_by_role("row").filter(has_text="notebook")
    row.get_by_role("button", name="Revoke notebook").click()
    visitor.button("OK").click()
    expect(row).to_have_count(0)
    assert httpx.get(f"{lab.master.url}/api/session", headers=headers).status_code == 401


def test_a_viewer_looks_and_changes_nothing(lab: Lab, visit: Visit) -> None:
    admin = visit("root")
    page = admin.page
    admin.goto("/settings?tab=people", "Settings")
    admin.button("Add a person").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("vera")
    dialog.get_by_label("First password").fill(PASSWORD)
    dialog.get_by_label("Role").click()
    page.locator(".ant-select-dropdown:visible").get_by_title("Viewer", exact=True).click()
    dialog.get_by_role("button", name="Add a person").click()
    expect(page.get_by_role("row").filter(has_text="vera")).to_contain_text("Viewer")

    viewer = visit(None)
    viewer.sign_in("vera", PASSWORD)
    expect(viewer.page.get_by_role("link", name="New job")).to_have_count(0)
    viewer.goto("/jobs/new", "New job")
    expect(viewer.page.get_by_text("You may look at everything here")).to_be_visible()
    reply = viewer.page.request.post("/api/jobs", data={"project": "counter"}, headers={"Origin": lab.master.url})
    assert (reply.status, reply.json()["error"]) == (403, "forbidden")

    admin.page.get_by_label("vera may sign in").click()
    expect(admin.page.get_by_label("vera may sign in")).not_to_be_checked()
    viewer.goto("/jobs", "Sign in")


def test_the_trash_is_kept_for_as_long_as_an_admin_says(lab: Lab, visit: Visit) -> None:
    visitor = visit("root")
    page = visitor.page
    visitor.goto("/settings?tab=system", "Settings")
    days = page.get_by_label("Kept in the trash, days")
    expect(days).to_have_value("30")
    days.fill("4000")
    visitor.button("Save").click()
    expect(page.locator(".ant-form-item", has=days).get_by_text("less than or equal to 3660")).to_be_visible()
    with lab.settings():
        days.fill("7")
        visitor.button("Save").click()
        expect(page.get_by_text("Saved", exact=True)).to_be_visible()
        assert lab.admin.system.settings().trash_days == 7


def test_a_machine_is_drained_goes_silent_and_is_told_of(workers: Lab, hasty: Lab, visit: Visit) -> None:
    agent = workers.agent()
    visitor = visit("root")
    page = visitor.page
    visitor.goto("/nodes", "Nodes")
    page.get_by_role("link", name=agent.node_name).click()
    visitor.heading(agent.node_name)
    expect(page.get_by_text("The worker's own: Python 3")).to_be_visible()
    expect(page.get_by_role("img", name=re.compile(r"^CPU\. Last values: CPU: \d+ %"))).to_be_visible()
    visitor.button("Drain").click()
    page.get_by_role("dialog").get_by_label("Reason").fill("new disk")
    page.get_by_role("dialog").get_by_role("button", name="Drain").click()
    expect(page.get_by_text("Draining", exact=True)).to_be_visible()
    expect(page.get_by_text("new disk")).to_be_visible()
    visitor.button("Back into service").click()
    expect(visitor.button("Drain")).to_be_visible()

    visitor.goto("/", "Overview")
    attention = page.get_by_role("region", name="Needs attention")
    agent.kill_tree()
    expect(attention.get_by_role("link", name=agent.node_name)).to_be_visible(timeout=60_000)
    expect(attention.get_by_text("A machine is silent:").first).to_be_visible()
    agent.start()
    expect(attention.get_by_role("link", name=agent.node_name)).to_have_count(0, timeout=60_000)
    until(lambda: agent.alive, 60, "the agent lives")


def test_notifications(visit: Callable[..., Visitor]) -> None:
    visitor = visit("ana")
    page = visitor.page
    visitor.goto("/settings?tab=notifications", "Settings")
    visitor.button("Add a notification").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("group")
    dialog.get_by_label("Address").fill("http://127.0.0.1:1/hook")
    dialog.get_by_role("button", name="Create").click()
    expect(dialog.get_by_text("Notifications may not go to the master's own machine")).to_be_visible()
    dialog.get_by_label("Address").fill("https://hooks.example.org/secret-path")
    dialog.get_by_role("button", name="Create").click()
    expect(dialog.get_by_text("it is shown this once")).to_be_visible()
    assert len(dialog.locator("pre").inner_text()) > 30
    dialog.get_by_role("button", name="Close").last.click()
    row = page.get_by_role("row", name=re.compile("^group"))
    expect(row.get_by_text("https://hooks.example.org:443/…")).to_be_visible()
    expect(page.get_by_text("secret-path")).to_have_count(0)
    row.get_by_role("switch", name="group is on").click()
    expect(row.get_by_role("switch", name="group is on")).not_to_be_checked()
    row.get_by_role("button", name="Remove group").click()
    page.get_by_role("tooltip").get_by_role("button", name="OK").click()
    expect(page.get_by_text("Nobody is told of anything yet.")).to_be_visible()
