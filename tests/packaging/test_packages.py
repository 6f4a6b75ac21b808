"""What an administrator installs: its manual says what the command line does, its files are right, and it leaves no trace."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from inboxbot.cli.main import VERBS
from inboxbot.config import load
from tests.main_job.service import environment
from tests.main_job.test_main_job import LETTER

ROOT = Path(__file__).parents[2]
DEBIAN = ROOT / "packaging" / "debian"


@pytest.fixture(scope="module")
def manual() -> ModuleType:
    spec = importlib.util.spec_from_file_location("manual", ROOT / "packaging" / "manual.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_manual_has_every_command_with_its_options(manual: ModuleType) -> None:
    page = manual.page()
    for verb in VERBS:
        assert f".SS inboxbot {verb} " in page
    assert r"\fB\-\-stale\-after MINUTES\fR" in page
    assert ".SS inboxbot models rollback " in page
    assert page.count(r"\fB\-\-config PATH\fR") == 1


def test_the_manual_is_read_without_a_complaint(manual: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "inboxbot.1").write_text(manual.page())
    read = ["groff", "-man", "-Tutf8", "-ww", "-K", "utf8", "inboxbot.1"]
    done = subprocess.run(read, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_completions_are_written_for_three_shells(manual: ModuleType, tmp_path: Path) -> None:
    manual.main(tmp_path)
    for name in manual.COMPLETIONS.values():
        assert "_INBOXBOT_COMPLETE" in (tmp_path / name).read_text()
    assert subprocess.run(["bash", "-n", str(tmp_path / "inboxbot.bash")], check=False).returncode == 0


@pytest.mark.parametrize("script", ["postinst", "prerm", "postrm", "../deb.sh"])
def test_the_scripts_of_the_package_are_shell(script: str) -> None:
    assert subprocess.run(["sh", "-n", str(DEBIAN / script)], check=False).returncode == 0


def test_a_package_is_not_built_on_an_interpreter_that_only_its_builder_has(tmp_path: Path) -> None:
    own = tmp_path / "python3"
    own.write_text("#!/bin/sh\n")
    own.chmod(0o755)
    deb = ["sh", str(ROOT / "packaging" / "deb.sh"), "none.whl", "none", str(tmp_path)]
    told = subprocess.run(
        deb, env={**environment(tmp_path), "SYSTEM_PYTHON": str(own)}, capture_output=True, text=True, check=False
    )
    assert (told.returncode, len(told.stderr.splitlines())) == (1, 1)
    assert f"{own} is no interpreter of this Debian release" in told.stderr


def test_the_packaged_configuration_is_one_and_asks_for_a_mailbox(tmp_path: Path) -> None:
    skeleton = (DEBIAN / "inboxbot.toml").read_text(encoding="utf-8")
    (tmp_path / "inboxbot.toml").write_text(skeleton, encoding="utf-8")
    assert load(tmp_path / "inboxbot.toml").account == []
    filled = skeleton.replace("# [[account]]", "[[account]]")
    for key in ("name", "host", "user", "credential"):
        head, _, tail = filled.partition("[[account]]")
        filled = head + "[[account]]" + tail.replace(f"# {key} =", f"{key} =")
    (tmp_path / "inboxbot.toml").write_text(filled, encoding="utf-8")
    assert load(tmp_path / "inboxbot.toml").account[0].credential == "office"


# --- installed in a scratch root --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def package(manual: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole Debian package, with all that it needs inside."""
    if shutil.which("dpkg-deb") is None:
        pytest.skip("dpkg is not installed")
    dist = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(dist)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = dist.glob("*.whl")
    manual.main(dist / "manual")
    deb = ["sh", str(ROOT / "packaging" / "deb.sh"), str(wheel), str(dist / "manual"), str(dist)]
    subprocess.run(deb, check=True, env={**environment(dist), "PIP": sys.executable})
    (package,) = dist.glob("*.deb")
    return package


class Scratch:
    """A root directory with nothing but dpkg's own books in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for directory in ("info", "updates", "triggers"):
            (root / "var/lib/dpkg" / directory).mkdir(parents=True)
        (root / "var/lib/dpkg/status").touch()
        (root / "etc").mkdir()
        for name in ("passwd", "group", "shadow", "gshadow"):
            (root / "etc" / name).touch()

    def dpkg(self, *arguments: str) -> None:
        command = ["dpkg", f"--root={self.root}", "--force-depends", "--force-script-chrootless", "--force-not-root"]
        done = subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    def files(self) -> set[str]:
        found = (path.relative_to(self.root) for path in self.root.rglob("*") if not path.is_dir())
        return {str(path) for path in found if not str(path).startswith(("var/lib/dpkg", "etc/"))}


@pytest.fixture
def scratch(tmp_path: Path) -> Scratch:
    (tmp_path / "root").mkdir()
    return Scratch(tmp_path / "root")


@pytest.mark.proof
@pytest.mark.timeout(900)
def test_the_debian_package_installs_runs_and_leaves_nothing_behind(package: Path, scratch: Scratch) -> None:
    scratch.dpkg("--install", str(package))
    root = scratch.root
    program = root / "opt/inboxbot/bin"
    assert (program / "inboxbot").read_text().startswith("#!/opt/inboxbot/bin/python")
    assert not [path for path in program.iterdir() if str(root) in path.read_text(errors="replace")[:300]]
    assert (root / "usr/bin/inboxbot").readlink() == Path("/opt/inboxbot/bin/inboxbot")
    assert "inboxbot" in (root / "etc/passwd").read_text()
    assert (root / "etc/inboxbot/credentials").stat().st_mode & 0o777 == 0o700
    for unit in ("inboxbot.service", "inboxbot-learn.timer"):
        assert (root / "usr/lib/systemd/system" / unit).is_file()

    letter = root.parent / "letter.eml"
    letter.write_bytes(LETTER)
    classify = [str(program / "python"), "-m", "inboxbot", "classify", str(letter)]
    done = subprocess.run(
        classify, env=environment(root.parent), cwd=root.parent, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "copytrack" in done.stdout

    scratch.dpkg("--install", str(package))  # an upgrade onto itself
    (root / "etc/inboxbot/credentials/office").write_text("secret")
    (root / "var/lib/inboxbot").mkdir(parents=True)
    scratch.dpkg("--remove", "inboxbot")
    assert (root / "etc/inboxbot/inboxbot.toml").is_file()
    assert scratch.files() == set()
    scratch.dpkg("--purge", "inboxbot")
    assert not (root / "etc/inboxbot").exists()
    assert not (root / "var/lib/inboxbot").exists()


@pytest.mark.proof
@pytest.mark.timeout(900)
def test_the_wheel_carries_model_and_training_data(package: Path) -> None:
    (wheel,) = package.parent.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    for inside in (
        "_shelf/current",
        "_training_data/",
        "_held_out/",
        "store/migrations/versions/",
        "issuers/copytrack/",
    ):
        assert any(name.startswith(f"inboxbot/{inside}") for name in names), inside
