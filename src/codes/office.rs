//! Codes of the office's own house: units, staff, accounts, categories, sign-in.

crate::codes! {
    CODE_TAKEN "code_taken": "Already in use" / "已被使用":
        "{} is in use already. Choose another code or user name."
        / "{} 已被使用，请换一个代码或用户名。";
    UNIT_HAS_OPEN_CASES "unit_has_open_cases": "Unit has open petitions" / "单位尚有在办件":
        "The unit still has open petitions. Name the successor that takes them over, or see them closed first."
        / "该单位尚有在办信访件，请指定承接单位，或待其办结。";
    UNIT_ALREADY_DISSOLVED "unit_already_dissolved": "Unit already dissolved" / "单位已经撤销":
        "This unit is dissolved already. Its successor is named on it; change nothing twice."
        / "该单位已经撤销，承接单位已有登记，无须重复办理。";
    UNIT_EXTERNAL "unit_external": "Unit outside the office" / "系统外单位":
        "This unit is outside the office and has no staff here. Choose a unit of the office."
        / "该单位属系统外单位，不设工作人员账号，请选择本系统内的单位。";
    TOO_MANY_LINES "too_many_lines": "Lines enough" / "电话条目已满":
        "This unit has forty telephone lines in use, more than anybody prints. Give one up first."
        / "该单位在用的电话条目已有四十条，请先停用一条。";
    BEFORE_VALID_FROM "before_valid_from": "Before its first day" / "早于启用日期":
        "This day lies before the first day of the unit. Correct the date."
        / "所填日期早于单位启用日期，请更正。";
    UNKNOWN_SUCCESSOR "unknown_successor": "Unknown successor" / "承接单位不存在":
        "The unit named as successor does not exist. Choose one from the list of units."
        / "所填承接单位不存在，请从单位列表中选择。";
    UNKNOWN_PARENT "unknown_parent": "Unknown parent" / "上级不存在":
        "The unit or category named as the one above does not exist. Choose one from the list."
        / "所填上级单位或上级分类不存在，请从列表中选择。";
    UNIT_CYCLE "unit_cycle": "Unit below itself" / "单位隶属循环":
        "The unit would stand below itself. Choose another unit as the one above."
        / "该单位将成为自身的下级，请另选上级单位。";
    CATEGORY_TOO_DEEP "category_too_deep": "Too many levels" / "分类层级过多":
        "Categories have two levels. Choose a first-level category as the one above."
        / "内容分类只有两级，请选择一级分类作为上级。";
    UNKNOWN_ROLE "unknown_role": "Unknown role" / "岗位不存在":
        "There is no such role. Choose from the roles of the office."
        / "没有这个岗位，请从岗位列表中选择。";
    LAST_ADMINISTRATOR "last_administrator": "Last administrator" / "最后一名管理员":
        "This is the only administrator left. Name another one first."
        / "此账号是仅有的管理员，请先指定另一名管理员。";
    PASSWORD_TOO_SHORT "password_too_short": "Password too short" / "密码过短":
        "A password has at least {} characters. Choose a longer one; a short sentence is easy to remember."
        / "密码至少 {} 个字符，请加长；用一句短话更好记。";
    PASSWORD_COMMON "password_common": "Password too common" / "密码过于常见":
        "This password is among the first ones an attacker tries. Choose another."
        / "该密码过于常见，容易被猜中，请另设密码。";
    WRONG_CREDENTIALS "wrong_credentials": "Wrong user name or password" / "用户名或密码错误":
        "User name or password is wrong. Try again; the administrator can reset a forgotten password."
        / "用户名或密码错误，请重试；忘记密码的，请联系管理员重设。";
    ACCOUNT_SUSPENDED "account_suspended": "Account suspended" / "账号已停用":
        "This account is suspended. Ask the administrator to restore it."
        / "该账号已停用，请联系管理员恢复。";
    NO_SUCH_GRANT "no_such_grant": "Sign-in not valid" / "登录凭据无效":
        "This sign-in is unknown, has ended or was used up. Sign in again."
        / "登录凭据不存在、已过期或已用过，请重新登录。";
    TOKEN_REQUEST_UNREADABLE "token_request_unreadable": "Unreadable sign-in" / "登录请求无法读取":
        "A sign-in is a form with grant_type and what belongs to it, each once. Correct the request."
        / "登录请求应为表单，包含 grant_type 及其所需各项，且每项只出现一次，请更正后重试。";
    GRANT_TYPE_UNSUPPORTED "grant_type_unsupported": "Way of signing in not supported" / "不支持的登录方式":
        "This grant_type is not supported. Use password or refresh_token."
        / "不支持该 grant_type，请使用 password 或 refresh_token。";
    SIGN_IN_SLOW_DOWN "sign_in_slow_down": "Too many failed sign-ins" / "登录失败次数过多":
        "Too many attempts failed. Wait {} s, then try again."
        / "登录失败次数过多，请等待 {} 秒后再试。";
}
