//! Codes of closing, withdrawing and reopening, and of a petitioner's death.

crate::codes! {
    ALREADY_ACCEPTED "already_accepted": "Already accepted" / "已经受理":
        "The petition was accepted before, so it must be handled to its end. Refer it on."
        / "该信访件曾经受理，须办理完毕，不能这样办结，请继续转送办理。";
    ROUTE_REQUIRED "route_required": "Route missing" / "缺少办理途径":
        "Say to which procedure the claim is diverted: route 1 to 5 of Art. 31."
        / "请填写导入何种程序：条例第三十一条第一至第五项。";
    MATTER_NOT_TERMINATED "matter_not_terminated": "Matter not at its end" / "该事项尚未终结":
        "Only a matter whose re-review was answered is no longer accepted. Accept or refer this petition."
        / "仅复核终结的事项不再受理，该事项尚未终结，请受理或转送。";
    NO_OPEN_MATTER "no_open_matter": "No open petition to join" / "没有在办的同一事项":
        "No other petition of this matter is open. Handle this one on its own."
        / "同一事项没有其他在办的信访件，请单独办理此件。";
    NO_AGREEMENT "no_agreement": "No agreement" / "尚无调解协议":
        "No mediation of this petition ended in an agreement. Record the mediation first."
        / "该信访件尚无达成一致的调解记录，请先登记调解。";
    NOT_WITHDRAWABLE "not_withdrawable": "Cannot be withdrawn" / "不能撤回":
        "An accusation that was accepted is investigated to its end. Write the wish down as a note."
        / "检举控告受理后须调查到底，不能撤回；信访人的意愿请以备注记录。";
    OTHER_PETITIONERS_REMAIN "other_petitioners_remain": "Other petitioners remain" / "尚有其他信访人":
        "The others have not withdrawn. End this person's part only, or have all of them withdraw."
        / "其他信访人未撤回，请仅结束此人的参与，或由全体信访人撤回。";
    PRINCIPAL_MUST_CONFIRM "principal_must_confirm": "The principal must confirm" / "须本人确认":
        "A proxy alone cannot withdraw. Ask the petitioner in person and record the answer."
        / "代理人不能单独撤回，请向信访人本人核实并记录。";
    TERMINATED "terminated": "Procedure at its end" / "已经终结":
        "The re-review was answered and the procedure is at its end. The petition cannot be reopened."
        / "该信访件已经复核终结，不能重新打开。";
    CLOSED_BY_SYSTEM "closed_by_system": "Closed by lapse of time" / "系统到期办结":
        "The petition closed by itself when its days were over. Register a new petition or a request for review."
        / "该信访件因期限届满由系统办结，不能重新打开；请登记新件或复查复核申请。";
    REOPEN_TOO_LATE "reopen_too_late": "Too late to reopen" / "超过重新打开期限":
        "A petition can be reopened for {} days after closing. Register a new one and link it."
        / "办结后 {} 日内可以重新打开，现已超过，请登记新件并关联。";
    HEIRS_INQUIRY_OPEN "heirs_inquiry_open": "Heirs not yet heard" / "家属意见待定":
        "The petitioner has died or can no longer act. Record what the heirs want; if nobody goes on, close for that reason."
        / "信访人已去世或不能自行表达，请先登记家属意见；无人继续的，以“去世且无人继续”办结。";
    HEIRS_NOT_ASKED "heirs_not_asked": "Heirs not asked" / "尚未征询家属":
        "Before closing after a death, ask the heirs and record that there are none or that they do not go on."
        / "信访人去世后，须先征询家属；没有继承人或家属不再继续的，登记后方可办结。";
    NO_HEIRS_INQUIRY "no_heirs_inquiry": "No inquiry with heirs" / "没有待办的家属征询":
        "No inquiry with heirs is open. Report the death first."
        / "没有待办的家属征询，请先登记信访人去世。";
    PARTY_NOT_EXPECTED "party_not_expected": "Nobody goes on" / "家属不再继续":
        "Somebody is named who goes on, but the answer is that nobody does. Say which holds."
        / "答复为无人继续，却登记了继续信访的人，请核实后只填其一。";
    PARTY_REQUIRED "party_required": "Heir missing" / "缺少继续信访的家属":
        "The heirs go on: enter who takes the petitioner's place."
        / "家属继续信访的，请登记继续信访的人。";
}
