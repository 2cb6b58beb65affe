//! Codes of registering and correcting a petition, its people, its matter and its urgency.

crate::codes! {
    RECEIVED_IN_FUTURE "received_in_future": "Received in the future" / "收到时间晚于当前":
        "The time of receipt lies in the future. Enter when the office really received the petition and check the device's clock."
        / "收到时间晚于当前时间，请填写实际收到的时间，并检查设备时钟是否准确。";
    BACKDATING_REASON_REQUIRED "backdating_reason_required": "Reason for late entry missing" / "缺少补登理由":
        "The petition was received on an earlier day than it is registered. Write down why it is entered late."
        / "收到日期早于登记日期，请填写补登理由。";
    TOO_MANY_REPRESENTATIVES "too_many_representatives": "Too many representatives" / "代表人数过多":
        "A collective visit names at most five representatives (Art. 20). Ask the visitors to choose five; the head count goes into persons."
        / "多人走访推选的代表不得超过五人（条例第二十条），请推选五人以内，来访总人数填入“人数”。";
    AUTHORITY_REQUIRED "authority_required": "Authority missing" / "缺少代理依据":
        "Whoever acts for another states by what right. Enter the relation and the letter of authority or proof of guardianship."
        / "代理人、监护人须说明代理依据，请填写与信访人的关系及授权委托书或监护证明。";
    PETITIONER_REQUIRED "petitioner_required": "Petitioner missing" / "缺少信访人":
        "A petition that is not anonymous names its petitioner. Add the petitioner, or mark the petition as anonymous."
        / "非匿名信访件须登记信访人，请补充信访人，或标明为匿名。";
    PERSONS_TOO_FEW "persons_too_few": "Too few persons" / "人数过少":
        "Fewer persons are given than people are named. Enter at least as many as are named in the petition."
        / "所填人数少于已登记的人数，请填写不少于登记人员的数字。";
    NOT_ELIGIBLE_SIMPLIFIED "not_eligible_simplified": "Simplified procedure not open" / "不适用简易办理":
        "Only a first-time claim or suggestion of one petitioner, with no other unit involved, can go the simplified way. Use the normal procedure."
        / "仅初次、单人且不涉及其他单位的求决或建议可简易办理，请按普通程序办理。";
    UNKNOWN_CATEGORY "unknown_category": "Unknown category" / "内容分类不存在":
        "There is no such category. Choose one from the list of categories."
        / "没有这个内容分类，请从分类列表中选择。";
    CATEGORY_CLOSED "category_closed": "Category no longer in use" / "内容分类已停用":
        "This category is kept for old petitions only. Choose one that is in use."
        / "该内容分类已停用，仅供历史信访件使用，请选择在用的分类。";
    KIND_NOT_FOR_CATEGORY "kind_not_for_category": "Kind and category do not fit" / "类别与内容分类不符":
        "This category is meant for another kind of petition. Change the kind, or choose a category that fits it."
        / "该内容分类不适用于所选的信访类别，请更改类别或另选分类。";
    UNKNOWN_RETIREE "unknown_retiree": "Unknown retiree" / "未找到该离退休人员":
        "There is no such retiree on file. Search again, or leave the link out and enter the name."
        / "系统中没有这名离退休人员，请重新查找，或不作关联、直接填写姓名。";
    FIELD_FIXED "field_fixed": "Cannot be changed any more" / "此项已不能更改":
        "Kind, channel and time of receipt can be corrected only while the petition is at registration. Recall the petition first, or add a note."
        / "信访类别、渠道和收到时间仅可在登记阶段更正，请先收回，或以备注说明。";
    LAST_PETITIONER "last_petitioner": "Last petitioner" / "最后一名信访人":
        "This is the only petitioner left. Record a withdrawal, or report the death, instead of removing the person."
        / "此件仅余这一名信访人，不能移除；请改为登记撤回，或登记信访人去世。";
    NOBODY_FILES_FOR_ANOTHER "nobody_files_for_another": "Nobody files for another" / "无人代为反映":
        "No proxy or guardian takes part, so there is no own will to confirm. Add whoever files for the petitioner first."
        / "此件没有代理人或监护人，无须确认本人意愿；请先登记代为反映的人。";
    FILES_FOR_THEMSELF "files_for_themself": "Files for themself" / "系本人反映":
        "This person files for themself. Confirm the own will on the proxy or guardian who files for the petitioner."
        / "此人系本人反映，请在代理人、监护人名下确认信访人的本人意愿。";
    NOT_ORAL "not_oral": "Not an oral statement" / "不属口头反映":
        "What came in writing is not read back. Leave it out, or correct the channel."
        / "书面反映的事项无须复述，请留空，或更正来件渠道。";
    DEVICE_CLOCK_BEHIND "device_clock_behind": "Device clock far behind" / "设备时钟滞后":
        "By this time a device took it down more than a year ago. Set the device's clock and correct the time, or write down why it is entered so late."
        / "按此时间，设备记录于一年多以前。请校准设备时钟并更正时间；确系一年前记录的，请填写补登理由。";
    NOT_IN_LEAD_UNIT "not_in_lead_unit": "Not of the lead unit" / "不属于主办单位":
        "The officer must belong to the lead unit. Choose one of its staff."
        / "承办人须为主办单位人员，请从主办单位中选择。";
    RECUSED_OFFICER "recused_officer": "Officer is recused" / "该承办人已回避":
        "This officer is recused from the petition. Name another one."
        / "该承办人在此件中已回避，请另行指定。";
    SELF_LINK "self_link": "Linked to itself" / "不能关联自身":
        "A petition cannot be a repeat of itself. Choose the earlier petition."
        / "信访件不能与自身关联，请选择此前的信访件。";
    DIFFERENT_KIND "different_kind": "Different kinds" / "信访类别不同":
        "An accusation cannot share a matter with a petition of another kind. Leave them apart."
        / "检举控告不能与其他类别的信访件归为同一事项，请分别办理。";
    NO_COMMON_PARTY "no_common_party": "No person in common" / "没有相同的信访人":
        "The two petitions name no person in common. Compare them, and confirm if it is the same person and matter all the same."
        / "两件信访件没有相同的信访人，请核对；确属同人同事的，请确认后再关联。";
    NOTHING_TO_COMPARE "nothing_to_compare": "Nothing to compare" / "缺少比对内容":
        "Give at least one person or a text, so that earlier petitions can be looked for."
        / "请至少填写一名信访人或一段文字，以便查找此前的信访件。";
    NOT_LINKED "not_linked": "Not linked" / "未关联其他信访件":
        "This petition is not linked to another one. Link it first."
        / "该信访件未与其他信访件关联，请先关联同一事项。";
    ALREADY_URGENT "already_urgent": "Already urgent" / "已标为紧急":
        "The petition is marked as urgent already. Nothing is left to do here."
        / "该信访件已标为紧急，无须重复标记。";
    NOT_URGENT "not_urgent": "Not urgent" / "未标为紧急":
        "The petition is not marked as urgent, so there is no mark to remove."
        / "该信访件未标为紧急，无须取消。";
    NO_URGENT_REPORT_DUE "no_urgent_report_due": "No urgent report due" / "无须紧急报告":
        "No urgent report is due for this petition: it is not urgent, or was reported already."
        / "该信访件目前没有待报告的紧急事项：未标为紧急，或已经报告。";
}
