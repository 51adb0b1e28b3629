from fastapi import APIRouter, Request, Response

from app.tracking.proxy import Proxy

router = APIRouter(include_in_schema=False)
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]


@router.api_route("/mlflow", methods=METHODS)
@router.api_route("/mlflow/{path:path}", methods=METHODS)
async def pass_on(request: Request) -> Response:
    proxy: Proxy = request.app.state.proxy
    return await proxy.answer(request)
