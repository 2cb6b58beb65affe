//! Codes of calendars and procedure profiles: what can be wrong with a version before it is published.

crate::codes! {
    YEAR_OUT_OF_RANGE "year_out_of_range": "Year out of range" / "年份超出范围":
        "The year lies outside {} to {}. Check it."
        / "年份应在{}年至{}年之间，请核对。";
    DATE_TWICE "date_twice": "Day named twice" / "日期重复":
        "{} is named twice. Name each day once."
        / "{} 出现了两次，每个日期只能列一次。";
    NOT_OF_ITS_YEAR "not_of_its_year": "Day of another year" / "日期不属于该年":
        "{} is no day of the year {}. Put it under its own year."
        / "{} 不属于{}年，请放到所属年份之下。";
    DAY_KIND "day_kind": "Neither holiday nor make-up day" / "日期类别有误":
        "Only public holidays (public_holiday) and make-up working days (makeup_workday) are named. Leave out all other days."
        / "只需列出法定节假日（public_holiday）和调休上班日（makeup_workday），其他日期请勿列入。";
    MAKEUP_NOT_WEEKEND "makeup_not_weekend": "No weekend day" / "调休上班日不是周末":
        "{} is neither a Saturday nor a Sunday, so it is worked anyway. Check the date."
        / "{} 不是星期六或星期日，本来就是工作日，请核对日期。";
    NOT_ICALENDAR "not_icalendar": "No iCalendar file" / "不是 iCalendar 文件":
        "This can't be read as an iCalendar file (RFC 5545). Export the calendar again, or send the days as JSON."
        / "无法按 iCalendar（RFC 5545）读取，请重新导出日历文件，或改用 JSON 提交。";
    NO_DAYS "no_days": "No days" / "没有日期":
        "The file names no holiday and no make-up day. Check that it is the right one."
        / "文件中没有节假日或调休上班日，请核对是否选错文件。";
    WHOLE_DAYS_ONLY "whole_days_only": "Not whole days" / "须为全天事项":
        "\"{}\" has no first day that can be read, or ends before it begins. Give whole days (DTSTART;VALUE=DATE)."
        / "“{}”没有可读的起始日期，或结束早于开始，请使用全天日期（DTSTART;VALUE=DATE）。";
    TOO_MANY_DAYS "too_many_days": "Too many days" / "天数过多":
        "\"{}\" lasts longer than {} days. Check its end."
        / "“{}”持续超过 {} 天，请核对结束日期。";
    DAYS_RECUR "days_recur": "Recurring event" / "重复事项":
        "\"{}\" recurs, but holidays move from year to year. Name each day."
        / "“{}”为重复事项，而节假日安排逐年不同，请逐日列出。";
    YEAR_INCOMPLETE "year_incomplete": "Year not complete" / "年份不完整":
        "The file has days of {} in a single month only. What is published is a whole year: take these days out, or send all of them."
        / "文件中{}年只有一个月内的日期，而公布须以全年为单位，请删去这些日期，或补全该年。";
    UNKNOWN_CALENDAR "unknown_calendar": "Unknown calendar" / "日历不存在":
        "There is no such calendar. Choose one from the list of calendars."
        / "没有这个日历，请从日历列表中选择。";
    VALIDITY_OVERLAPS "validity_overlaps": "Validity overlaps" / "生效日期重叠":
        "The version before is in force from {}. A new one begins on a later day."
        / "上一版本自 {} 起生效，新版本的生效日期须晚于该日。";
    LIMIT_REQUIRED "limit_required": "Limit missing" / "缺少期限":
        "The last day of this clock is nobody's to set, so the rule names its limit. Write it down."
        / "该期限不由人工指定日期，规则中须写明期限，请补填。";
    LIMIT_UNEXPECTED "limit_unexpected": "Limit not needed" / "无须填写期限":
        "Where a person sets the day (unit date) there is no limit. Leave it out."
        / "由人工指定日期的（单位为 date）不设期限，请删去。";
    DATE_NOT_SETTABLE "date_not_settable": "Day can't be set" / "日期不能人工指定":
        "The last day of this clock is not set by a person. Count it in days or hours."
        / "该期限不得由人工指定日期，请按日或小时计算。";
    FIXED_BY_PROCEDURE "fixed_by_procedure": "Fixed by the procedure" / "程序已有规定":
        "The procedure fixes this: {}. A profile says how long, not what is due."
        / "程序对此已有规定：{}。办理规则只定期限长短，不改变事项本身。";
    ROLL_FOR_RIGHTS "roll_for_rights": "Does not move on" / "不得顺延":
        "Only the petitioner's rights and visits move on from a day of rest; the office's duties and hours do not. Set roll to none."
        / "只有信访人的权利期限和走访任务遇休息日顺延，单位的办理期限和按小时计算的期限不顺延，请设为 none。";
    WARNING_EMPTY "warning_empty": "Warning without a time" / "预警缺少时点":
        "Say when to warn: percent of the limit, hours before the end, or both."
        / "请写明预警时点：期限的百分比（percent）、届满前小时数（hours_before），或两者都写。";
    EXTENSION_NOT_HERE "extension_not_here": "No extension here" / "此期限不能延长":
        "Only the limit of handling can be extended (Art. 34). Leave the extension out."
        / "只有办理期限可以延长（第三十四条），请删去延期规定。";
    TARGET_LATER "target_later": "Target later than the law" / "内部目标晚于法定期限":
        "An internal target is at most the limit, {} here. Shorten it."
        / "内部目标不得长于期限（此处为 {}），请缩短。";
    UNKNOWN_ROUTE "unknown_route": "Unknown route" / "办理途径不存在":
        "The routes of Art. 31 are numbered 1 to 6. Choose among them."
        / "第三十一条的办理途径编号为1至6，请从中选择。";
    RULE_TWICE "rule_twice": "Two rules for one clock" / "同一期限有两条规则":
        "Rule {} already fits such petitions. One clock has one limit: keep one of them, or part them by kind or route."
        / "第 {} 条规则已适用于同类信访件，同一期限只能有一条规则，请保留其一，或按类别、途径分开。";
    RULE_ELSEWHERE "rule_elsewhere": "Rule stands elsewhere" / "另有规则":
        "The profile {} already has a rule for {} of such petitions. Leave it to one of the two."
        / "办理规则 {} 已对同类信访件的 {} 作出规定，请只由其中之一规定。";
    RULE_MISSING "rule_missing": "Rule missing" / "缺少规则":
        "The version before has a rule for {} of kind {}, this one has none: such petitions would have no limit. Add it."
        / "上一版本对 {}（类别 {}）有规则，本版本没有，此类信访件将没有期限，请补充。";
}
