//! Codes of evaluation, review and re-review.

crate::codes! {
    HANDLER_CANNOT_ASK "handler_cannot_ask": "Handlers cannot ask" / "经办人不能回访":
        "Whoever handled the petition, or belongs to a unit that did, cannot take down its evaluation. Ask a colleague of another unit."
        / "经办人及办理单位人员不能登记该件的满意度评价，请由其他单位人员回访。";
    NO_EVALUATION_WINDOW "no_evaluation_window": "Nothing to evaluate" / "没有可评价的答复":
        "This petition has no answer open for evaluation."
        / "该信访件目前没有可供评价的答复。";
    EVALUATION_LAPSED "evaluation_lapsed": "Evaluation over" / "评价期限已过":
        "The days for the evaluation are over. Write a late remark down as a note."
        / "满意度评价期限已过；信访人仍有意见的，请以备注记录。";
    EVALUATION_FINAL "evaluation_final": "Evaluation final" / "评价不能再改":
        "An evaluation can be changed once, and this one was. Write a further remark down as a note."
        / "满意度评价只能更改一次，此评价已更改过；另有意见的，请以备注记录。";
    OBJECT_NOT_EVALUATED_HERE "object_not_evaluated_here": "Not evaluated in this petition" / "此件不评价该单位":
        "No unit handled this petition, so only the office is evaluated."
        / "此件未经责任单位办理，仅评价受理登记的机关。";
    NO_REVIEW_RIGHT "no_review_right": "No review" / "不能申请复查复核":
        "This answer is open to no review: only claims are reviewed, and at most twice."
        / "该答复不能申请复查复核：仅求决类可以申请，且复查、复核各一次。";
    REVIEW_DECIDED "review_decided": "Review already decided" / "复查复核已有决定":
        "This review was decided or withdrawn. Look at the petition again."
        / "该复查复核已作出决定或已撤回，请重新查看信访件。";
    GROUNDS_REQUIRED "grounds_required": "Grounds missing" / "缺少复查理由":
        "Write down what the petitioner finds wrong with the answer and what they ask for."
        / "请写明信访人不服答复的理由和请求。";
    REVIEW_WINDOW_LAPSED "review_window_lapsed": "Too late for a review" / "申请复查复核逾期":
        "The last day to ask was {}. If the petitioner asked by then, enter that time and the proof."
        / "申请期限已于 {} 届满；信访人确在期限内提出的，请填写提出时间并附凭据。";
    BEFORE_DELIVERY "before_delivery": "Before the delivery" / "早于送达":
        "The request lies before the answer was delivered. Correct the time of the request."
        / "申请时间早于答复送达时间，请更正申请时间。";
    NO_SUPERIOR_UNIT "no_superior_unit": "No unit above" / "没有上一级单位":
        "No unit is recorded above the one that decided. Ask the administrator to enter the reviewing unit."
        / "作出答复的单位没有登记上一级单位，请管理员登记复查复核机关。";
}
