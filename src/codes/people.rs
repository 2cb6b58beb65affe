//! Codes of people: identity numbers, profiles of retirees, doubles.

crate::codes! {
    IDENTITY_NUMBER_WRONG "identity_number_wrong": "Identity number is wrong" / "身份证号码有误":
        "The last character does not fit the digits before it, so one of them is wrong. Compare the number with the card, digit by digit."
        / "身份证号码末位校验码与前面的数字不符，说明有数字填错，请与证件逐位核对。";
    IDENTITY_BIRTH_DATE_IMPOSSIBLE "identity_birth_date_impossible": "Birth date in the identity number is impossible" / "身份证号码中的出生日期不合理":
        "Digits 7 to 14 of the identity number are no day on which somebody alive today can have been born. Compare them with the card."
        / "身份证号码第7至14位为出生日期，所填并非有效日期，或晚于今日、早于130年前，请与证件核对。";
    IDENTITY_BIRTH_DATE_DIFFERS "identity_birth_date_differs": "Birth date differs from the identity number" / "出生日期与身份证号码不符":
        "The birth date is not that of the identity number. Correct the one that is wrong, or leave the birth date out."
        / "出生日期与身份证号码中的日期不一致，请更正有误的一项，或不填出生日期。";
    IDENTITY_SEX_DIFFERS "identity_sex_differs": "Sex differs from the identity number" / "性别与身份证号码不符":
        "The sex is not that of the identity number. Correct the one that is wrong, or leave the sex out."
        / "性别与身份证号码所示不一致，请更正有误的一项，或不填性别。";
    RETIREE_KNOWN "retiree_known": "Retiree on file already" / "该人员已建档":
        "A profile with this identity number exists already. Open that one and change it there."
        / "该身份证号码已有档案，请打开原有档案，在其中修改。";
    POSSIBLE_DOUBLE "possible_double": "Possibly on file already" / "可能已建档":
        "Profiles that may be the same person exist already; they are listed in alike. Compare them; if it is none of them, send the same with double_of_none."
        / "已有可能为同一人的档案（见 alike），请逐一核对；确非同一人的，请附 double_of_none 重新提交。";
    OUTSIDE_OWN_UNITS "outside_own_units": "Outside your units" / "不在本单位范围":
        "You keep profiles of your own unit and those below it only. Name one of these units, or yourself as liaison officer."
        / "您只能为本单位及下级单位的人员建档，请填写其中的单位，或由本人担任联络员。";
    SAME_RETIREE "same_retiree": "Same profile" / "同一份档案":
        "A profile cannot be merged into itself. Name the other profile of the person."
        / "档案不能并入自身，请选择同一人的另一份档案。";
    RETIREE_MERGED "retiree_merged": "Profile was merged" / "档案已合并":
        "This profile was merged into another one. Work on that one, or undo the merge first."
        / "该档案已并入另一份档案，请在合并后的档案上操作，或先撤销合并。";
    RETIREE_NOT_MERGED "retiree_not_merged": "Profile is not merged" / "档案未合并":
        "This profile is not merged into another one, so there is nothing to undo."
        / "该档案没有并入其他档案，无须撤销。";
}
