//! Codes of reception days.

crate::codes! {
    RECEPTION_DAY_FULL "reception_day_full": "No place left" / "预约已满":
        "All places of this reception day are booked. Offer another day from `GET /reception-days`."
        / "该接访日预约已满，请另选接访日。";
    RECEPTION_DAY_OVER "reception_day_over": "Reception day over" / "接访日已过":
        "This reception day is over; nothing about it changes any more. Choose one that is still to come."
        / "该接访日已过，不能再变更，请另选接访日。";
    RECEPTION_DAY_CANCELLED "reception_day_cancelled": "Reception day cancelled" / "接访日已取消":
        "This reception day was cancelled. Offer another day from `GET /reception-days`."
        / "该接访日已取消，请另选接访日。";
    RECEPTION_DAY_PAST "reception_day_past": "Day already past" / "日期已过":
        "This day is already past. A reception day is published before it is held: set today or a later day."
        / "该日期已经过去；接访日应事先公布，请填今天或以后的日期。";
    RECEPTION_DAY_FAR "reception_day_far": "Day too far ahead" / "日期过远":
        "This day is more than a year ahead. Check the year."
        / "该日期在一年以后，请核对年份。";
    LEADER_SITS_ALREADY "leader_sits_already": "Leader sits elsewhere then" / "领导该时段已有接访":
        "This leader already holds a reception in those hours of that day. Choose other hours, or another leader."
        / "该领导当日该时段已安排接访，请改时间或改由其他领导接访。";
    BELOW_BOOKED "below_booked": "Fewer places than booked" / "名额少于已预约人数":
        "{} have booked already. Keep at least as many places, or cancel bookings first."
        / "已有{}人预约，名额不能少于此数；如需减少，请先取消预约。";
    BOOKED_ALREADY "booked_already": "Booked already" / "已有预约":
        "This retiree has booked a place on that day already; there is nothing to do."
        / "该同志当日已有预约，无须重复预约。";
    BOOKING_ENDED "booking_ended": "Booking ended" / "预约已结束":
        "This booking was cancelled, or they came already. Read the day's bookings anew."
        / "该预约已取消或来访者已到，请重新查看当日预约。";
    UNKNOWN_BOOKING "unknown_booking": "Unknown booking" / "没有这个预约":
        "There is no such booking on that day. Choose one from the day's bookings, or leave it out for somebody who has not booked."
        / "当日没有这个预约，请从预约名单中选择；未预约来访的请留空。";
    NOT_THAT_DAY "not_that_day": "Not received on that day" / "收到日期不是接访日":
        "What is told on a reception day was received on that day, {}. Give that day as `received_at`, or choose the right reception day."
        / "接访当日的信访件，收到日期应为{}；请更正收到时间，或选择正确的接访日。";
    VISIT_ONLY "visit_only": "Visits only" / "仅限来访":
        "Whoever comes on a reception day comes in person: `channel` is `visit`."
        / "接访日登记的渠道只能是来访（visit）。";
    LEADER_CONCERNED "leader_concerned": "Complained of" / "被反映人不能批示":
        "The leader of that day, or their unit, is complained of and gives no instruction here. Register this petition at the desk instead."
        / "当日接访领导或其单位是被反映对象，不能就此件作出批示；请在窗口另行登记。";
}
