//! Codes of acceptance, assistance, extensions, hearings and mediation.

crate::codes! {
    ROUTE_NOT_FOR_KIND "route_not_for_kind": "No route for this kind" / "该类别不分办理途径":
        "Only claims are sorted by the six routes of Art. 31. Leave the route out."
        / "仅申诉求决类须按条例第三十一条选择办理途径，请去掉此项。";
    ASSIST_SELF "assist_self": "Asked itself" / "不能由主办单位协办":
        "The lead unit cannot assist itself. Choose another unit."
        / "主办单位不能同时作为协办单位，请另选单位。";
    ASSIST_OUTSIDE "assist_outside": "Outside the office" / "不属于本单位":
        "This unit is outside the office and cannot answer here. Choose a unit of the office, or write to the other organ."
        / "该单位不在本单位范围内，无法在此答复，请另选单位，或另行去函。";
    UNIT_ALREADY_ASKED "unit_already_asked": "Unit already asked" / "已请其协办":
        "This unit has an open question in this petition. Wait for its answer, or cancel the question first."
        / "已请该单位协办且尚未答复，请等待答复，或先撤销原协办请求。";
    DUE_BEYOND_LEAD "due_beyond_lead": "Due after the lead's own date" / "晚于主办期限":
        "The assisting answer must be due by {}, the lead's own last day. Set an earlier day."
        / "协办答复期限不得晚于主办期限 {}，请提前。";
    ASSISTANCE_CLOSED "assistance_closed": "Assistance already settled" / "协办已了结":
        "This question was answered or cancelled already. Ask again if something is still open."
        / "该协办请求已答复或已撤销；仍需协办的，请重新提出。";
    ASSISTANCE_MISSING "assistance_missing": "Assisting answer missing" / "协办尚未答复":
        "{} must answer before the opinion can be issued. Remind them, or cancel the question if it is no longer needed."
        / "{} 尚未答复，暂不能出具处理意见；请催办，确不需要的可撤销协办。";
    NO_EXTENDABLE_CLOCK "no_extendable_clock": "Nothing to extend" / "没有可延长的期限":
        "No limit that may be extended is running for this petition."
        / "该信访件目前没有可以延长的办理期限。";
    CLOCK_ALREADY_DUE "clock_already_due": "Limit already over" / "办理期限已到":
        "The limit is over and cannot be extended any more. Issue the opinion without delay."
        / "办理期限已到，不能再延期，请尽快出具处理意见。";
    EXTENSION_USED "extension_used": "Already extended" / "已经延期":
        "The limit was extended once, which is all the Regulation allows (Art. 34). Issue the opinion by the extended date."
        / "办理期限已延长一次，按条例第三十四条不得再延，请在延长后的期限内办结。";
    EXTENSION_PENDING "extension_pending": "Extension not yet decided" / "延期申请待批":
        "A request for an extension waits for the unit head's decision. Wait for it."
        / "已有延期申请正待单位负责人审批，请等待结果。";
    EXTENSION_TOO_LONG "extension_too_long": "Extension too long" / "延期过长":
        "An extension is at most {} days. Ask for fewer."
        / "延期最长 {} 日，请减少天数。";
    DAYS_NOT_POSITIVE "days_not_positive": "No days given" / "延期天数有误":
        "An extension is at least one day. Enter how many days are needed."
        / "延期至少一日，请填写所需天数。";
    EXTENSION_DECIDED "extension_decided": "Extension already decided" / "延期申请已有决定":
        "This request was decided or has lapsed. Make a new one if the limit is still running."
        / "该延期申请已审批或已失效；期限尚未届满的，可重新申请。";
    HEARING_OPEN "hearing_open": "Hearing still open" / "听证尚未结束":
        "A hearing is open in this petition. Record its end first."
        / "该信访件的听证尚未结束，请先登记听证结束。";
    NO_HEARING_OPEN "no_hearing_open": "No hearing open" / "没有进行中的听证":
        "This hearing has ended already, so there is none to end."
        / "该听证已经结束，没有进行中的听证。";
    HELD_PAST "held_past": "Day of the hearing past" / "听证日期已过":
        "The day on which the hearing is to be held is already past. Set today or a later day."
        / "听证日期已经过去，请填写今天或以后的日期。";
    AGREEMENT_REQUIRED "agreement_required": "Agreement missing" / "缺少调解协议":
        "The parties came to terms: record what they agreed."
        / "调解达成一致的，请填写调解协议内容。";
    AGREEMENT_UNEXPECTED "agreement_unexpected": "No agreement was reached" / "并未达成协议":
        "The sides did not come to terms: leave this out, or say that they agreed."
        / "调解未达成一致的，请不要填写此项；已达成一致的，请更正调解结果。";
}
