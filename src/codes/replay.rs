//! Codes of applying a new version of a calendar or profile to the clocks that run.

crate::codes! {
    UNKNOWN_VERSION "unknown_version": "Unknown version" / "版本不存在":
        "There is no such version; the newest is {}. Choose one that is published."
        / "没有这个版本，最新版本为第 {} 版，请选择已公布的版本。";
    VERSION_SUPERSEDED "version_superseded": "Version superseded" / "版本已被取代":
        "A newer version is published: {}. Try that one dry, then apply it."
        / "已公布更新的版本（第 {} 版），请先对新版本试算，再行适用。";
    VERSION_NOT_IN_FORCE "version_not_in_force": "Version not in force" / "版本尚未生效":
        "This version is in force from {} on. Apply it to running clocks on that day or later."
        / "该版本自 {} 起生效，请于生效后再适用于正在计算的期限。";
    REPLAY_UNDER_WAY "replay_under_way": "Replay under way" / "重算正在进行":
        "A replay of this calendar or profile was decided and is still moving clocks. Wait until its job is done, then try dry again."
        / "该日历或规程的重算已经决定，正在逐件调整期限，请待任务完成后再试算。";
    DRY_RUN_STALE "dry_run_stale": "Dry run no longer holds" / "试算结果已失效":
        "Clocks began, ended or moved since the dry run. Try it dry again and look at what would move now."
        / "试算之后期限情况已有变化，请重新试算，核对变动后再适用。";
}
