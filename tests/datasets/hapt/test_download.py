"""The zip file is fetched completely or not at all."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bsnpp.core.errors import UserError
from bsnpp.datasets.hapt.download import download
from tests.datasets.hapt.archives import members, write_zip


class Handler(SimpleHTTPRequestHandler):
    """Serve a folder without log lines; `cut.zip` breaks off half-way."""

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""

    def do_GET(self) -> None:
        """Answer; for `cut.zip`, with half of the announced bytes."""
        if self.path != "/cut.zip":
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"x" * 500)


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    folder = tmp_path / "served"
    folder.mkdir()
    write_zip(folder / "hapt.zip", members())
    (folder / "page.zip").write_text("<html>moved</html>")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_the_file_is_complete(address: str, tmp_path: Path) -> None:
    download(f"{address}/hapt.zip", tmp_path / "data/hapt.zip")
    assert (tmp_path / "data/hapt.zip").read_bytes() == (tmp_path / "served/hapt.zip").read_bytes()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("absent.zip", r"cannot be fetched \(HTTP Error 404"),
        ("page.zip", r"the answer \(18 bytes\) is not a zip file"),
        ("cut.zip", r"broke off after 500 of 1000 bytes|cannot be fetched"),
    ],
)
def test_other_answers_are_reported_and_not_kept(
    address: str, tmp_path: Path, name: str, message: str
) -> None:
    with pytest.raises(UserError, match=rf"{address}/{name}: .*(?:{message})[\s\S]*make hapt DATA="):
        download(f"{address}/{name}", tmp_path / "data/hapt.zip")
    assert not list((tmp_path / "data").iterdir())


def test_no_connection(tmp_path: Path) -> None:
    closed = "http://127.0.0.1:1/hapt.zip"
    with pytest.raises(UserError, match=r"cannot be fetched .*are you offline\?"):
        download(closed, tmp_path / "hapt.zip")
    with pytest.raises(UserError, match="cannot be fetched"):
        download("hapt.zip", tmp_path / "hapt.zip")
