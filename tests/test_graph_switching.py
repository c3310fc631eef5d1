"""The mark of a switch: an answer that saw one number all the time saw one snapshot."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from graph.statements.home import Home
from graph.views.switching import Switch


def test_no_moment_while_it_is_switched(tmp_path: Path) -> None:
    home = Home(tmp_path)
    switch = Switch(home)
    before = switch.moment()
    assert before is not None
    with home.lock("publish"):
        with switch.changing():
            assert switch.moment() is None
            assert Switch(home).moment() is None, "whoever looks sees it"
        after = switch.moment()
    assert after is not None and after != before
    assert switch.moment() == after


def test_a_second_begin_or_end_changes_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path)
    switch = Switch(home)
    with home.lock("publish"):
        switch.end()
        before = switch.moment()
        switch.begin()
        switch.begin()
        assert switch.moment() is None
        switch.end()
        assert switch.moment() not in (None, before)


def test_it_ends_where_the_switch_fails(tmp_path: Path) -> None:
    home = Home(tmp_path)
    switch = Switch(home)
    with home.lock("publish"):
        with pytest.raises(OSError, match="no room"), switch.changing():
            raise OSError("no room")
        assert switch.moment() is not None


def test_the_mark_of_one_who_was_killed_stops_nobody(tmp_path: Path) -> None:
    killed = (
        "import os, sys; from pathlib import Path; from graph.statements.home import Home; "
        "from graph.views.switching import Switch; home = Home(Path(sys.argv[1])); lock = home.lock('publish'); "
        "lock.__enter__(); Switch(home).begin(); print('begun', flush=True); os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", killed, str(tmp_path)], capture_output=True, text=True, env=os.environ)
    assert done.stdout == "begun\n", done.stderr
    home = Home(tmp_path)
    left = Switch(home).moment()
    assert left is not None
    with home.lock("publish"), Switch(home).changing():
        pass
    assert Switch(home).moment() not in (None, left)
