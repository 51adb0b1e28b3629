"""The client package: a line for people who are signed in, and the file that it names for pip, which is not."""

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response

from app.accounts.authorize import Action, authorize
from app.accounts.connection import public_url
from app.deps import CurrentUser, MasterDep
from app.packages import wheel
from proteinx.contracts.system import ClientPackage

router = APIRouter(tags=["system"])


@router.get("/client")
def read_client(user: CurrentUser, master: MasterDep, request: Request) -> ClientPackage:
    authorize(user, Action.VIEW)
    url = f"{public_url(request, master.settings)}{wheel.PATH}"
    _, digest = wheel.wheel(master.settings)
    return ClientPackage(version=request.app.version, url=url, sha256=digest, pip=f'pip install "{url}"')


files_router = APIRouter(include_in_schema=False)


@files_router.get(wheel.PATH)
def download_wheel(request: Request, master: MasterDep) -> Response:
    path, digest = wheel.wheel(master.settings)
    headers = {"ETag": f'"{digest}"', "Cache-Control": "no-cache"}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return FileResponse(path, media_type="application/zip", filename=wheel.FILENAME, headers=headers)
