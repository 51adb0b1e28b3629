"""The configuration of the portal's image, run by nginx before a real master."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from itertools import takewhile
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect

from app.portal.files import POLICY
from tests.browser.portal import Visitor
from tests.integration.harness import PASSWORD, Lab
from tests.integration.processes import ROOT
from tests.ports import free_port
from tests.waiting import until

TEMPLATE = ROOT / "frontend" / "nginx" / "default.conf.template"
DIST = ROOT / "frontend" / "dist"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
MAIN = """daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    include /etc/nginx/mime.types;
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {server}
}}
"""

pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")


@pytest.fixture(scope="module")
def nginx(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its address; the image's file with port, folder and master filled in."""
    folder = tmp_path_factory.mktemp("nginx")
    folder.chmod(0o755)
    site = folder / "html"
    shutil.copytree(DIST, site)  # its workers are another user, who can't read a home
    ours = takewhile(lambda path: path != Path(tempfile.gettempdir()), folder.parents)
    for path in [*ours, site, *site.rglob("*")]:
        path.chmod(path.stat().st_mode | (0o055 if path.is_dir() else 0o044))
    port = free_port()
    server = TEMPLATE.read_text().replace("${PROTEINX_MASTER}", lab.master.url)
    server = server.replace("listen 80;", f"listen 127.0.0.1:{port};").replace("/usr/share/nginx/html", str(site))
    config = folder / "nginx.conf"
    config.write_text(MAIN.format(folder=folder, server=server))
    process = subprocess.Popen([str(NGINX), "-c", str(config), "-e", str(folder / "error.log")])
    url = f"http://127.0.0.1:{port}"

    def answers() -> bool:
        assert process.poll() is None, (folder / "error.log").read_text()
        with suppress(httpx.TransportError):
            return httpx.get(url).status_code == 200
        return False

    try:
        until(answers, 60, "nginx answers")
        yield url
    finally:
        process.terminate()
        process.wait(60)


def test_a_page_comes_with_the_masters_own_headers(nginx: str, lab: Lab) -> None:
    for path in ("/", "/jobs/1?tab=logs", "/data/my.set"):
        theirs, ours = httpx.get(nginx + path), httpx.get(lab.master.url + path)
        assert theirs.content == ours.content == (DIST / "index.html").read_bytes()
        for header in ("cache-control", "content-security-policy", "x-frame-options", "x-content-type-options"):
            assert theirs.headers[header] == ours.headers[header], header
        assert theirs.headers["content-security-policy"] == POLICY


def test_files_are_kept_and_compressed_as_the_master_does(nginx: str, lab: Lab) -> None:
    script = re.search(r'src="(/assets/[^"]+\.js)"', httpx.get(nginx).text)
    assert script
    theirs, ours = httpx.get(nginx + script[1]), httpx.get(lab.master.url + script[1])
    assert theirs.content == ours.content
    for header in ("cache-control", "content-encoding", "vary", "referrer-policy"):
        assert theirs.headers[header] == ours.headers[header], header
    for path in ("/assets/gone.js", "/robots.txt", "/.vite/manifest.json"):
        assert httpx.get(nginx + path).status_code == 404, path


def test_the_master_is_reached_through_it(nginx: str) -> None:
    assert httpx.get(f"{nginx}/api/health").json()["status"] in ("ok", "degraded")
    assert httpx.get(f"{nginx}/api/jobs").status_code == 401
    assert httpx.get(f"{nginx}/mlflow/").status_code == 401


def test_signing_in_and_living_on(nginx: str, browser: Browser, lab: Lab) -> None:
    context = browser.new_context(base_url=nginx, locale="en-GB")
    visitor = Visitor(context.new_page())
    visitor.sign_in("ana", PASSWORD)
    visitor.goto("/jobs", "Jobs")
    expect(visitor.page.get_by_text("Live", exact=True)).to_be_visible()
    job = lab.submit(name="through nginx")
    expect(visitor.page.get_by_role("link", name="through nginx")).to_be_visible()
    lab.member.jobs.cancel(job)
    expect(visitor.page.get_by_role("row").filter(has_text="through nginx")).to_contain_text("Cancelled")
    context.close()


def test_the_image_takes_this_file() -> None:
    dockerfile = (Path(TEMPLATE).parents[1] / "Dockerfile").read_text()
    assert "COPY nginx/default.conf.template /etc/nginx/templates/" in dockerfile
    assert "PROTEINX_MASTER" in dockerfile
