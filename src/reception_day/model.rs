//! Reception days and bookings as rows, as asked for and as shown.

use crate::auth::Context;
use crate::person::number;
use crate::petition::registration::RegisterPetition;
use crate::platform::db::schema::{reception_booking, reception_day};
use crate::platform::db::types::{Id, Time};
use crate::platform::error::Result;
use crate::platform::web::etag::tag_of;
use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

crate::text_enum! {
    /// Where a booking stands.
    pub enum BookingState {
        /// A place is kept.
        Booked = "booked",
        /// They came, and their petition was registered.
        Came = "came",
        /// They said they would not come, or the office did.
        Cancelled = "cancelled",
    }
}

/// A reception day.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = reception_day, treat_none_as_default_value = false, treat_none_as_null = true)]
#[allow(missing_docs)] // the view says what the columns are
pub struct ReceptionDay {
    pub id: Id,
    pub held_on: NaiveDate,
    pub starts: String,
    pub ends: String,
    pub place: String,
    pub leader_id: Id,
    pub places: i32,
    pub booked: i32,
    pub came: i32,
    pub published_at: Time,
    pub published_by: Id,
    pub cancelled_at: Option<Time>,
    pub cancelled_by: Option<Id>,
    pub cancel_reason: Option<String>,
    pub version: i64,
    pub event_n: i64,
    pub event_hash: Vec<u8>,
}

/// Somebody who has booked, or came.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = reception_booking, treat_none_as_default_value = false, treat_none_as_null = true)]
#[allow(missing_docs)] // the view says what the columns are
pub struct Booking {
    pub id: Id,
    pub reception_day_id: Id,
    pub state: BookingState,
    pub retiree_id: Option<Id>,
    pub name: Option<String>,
    pub phone: Option<Vec<u8>>,
    pub about: Option<String>,
    pub booked_at: Time,
    pub booked_by: Id,
    pub petition_id: Option<Id>,
    pub ended_at: Option<Time>,
    pub ended_by: Option<Id>,
    pub end_reason: Option<String>,
}

/// A reception day as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReceptionDayView {
    /// Its id.
    pub id: Id,
    /// The day, in the office's time zone.
    pub held_on: NaiveDate,
    /// When it begins, hours and minutes in the office's time zone.
    #[schema(example = "09:00")]
    pub starts: String,
    /// When it ends.
    #[schema(example = "11:30")]
    pub ends: String,
    /// Where to come.
    #[schema(example = "接访室一号厅")]
    pub place: String,
    /// The leader's account.
    pub leader_id: Id,
    /// The leader's name.
    pub leader: String,
    /// How many can book.
    #[schema(minimum = 1, example = 12)]
    pub places: i32,
    /// How many of the places are booked; those who came are among them.
    #[schema(minimum = 0, example = 5)]
    pub booked: i32,
    /// How many came, booked or not.
    #[schema(minimum = 0, example = 0)]
    pub came: i32,
    /// When it was published.
    pub published_at: Time,
    /// By whose account.
    pub published_by: Id,
    /// When it was cancelled.
    pub cancelled_at: Option<Time>,
    /// Why.
    pub cancel_reason: Option<String>,
    /// Changes so far; a booking is one.
    pub version: i64,
    /// The entity-tag for If-Match.
    #[schema(example = "\"1-0a1b2c3d4e5f\"")]
    pub etag: String,
}

impl ReceptionDay {
    /// The day as shown, with its entity-tag.
    ///
    /// # Errors
    /// Internal only.
    pub fn view(self, leader: String) -> Result<ReceptionDayView> {
        let mut view = ReceptionDayView {
            id: self.id,
            held_on: self.held_on,
            starts: self.starts,
            ends: self.ends,
            place: self.place,
            leader_id: self.leader_id,
            leader,
            places: self.places,
            booked: self.booked,
            came: self.came,
            published_at: self.published_at,
            published_by: self.published_by,
            cancelled_at: self.cancelled_at,
            cancel_reason: self.cancel_reason,
            version: self.version,
            etag: String::new(),
        };
        view.etag = tag_of(view.version, &view)?;
        Ok(view)
    }
}

/// A booking as shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BookingView {
    /// Its id.
    pub id: Id,
    /// Where it stands.
    pub state: BookingState,
    /// The retiree, if they were found in the roster.
    pub retiree_id: Option<Id>,
    /// Who comes; null for whoever came without having booked: their petition names them.
    #[schema(example = "张建国")]
    pub name: Option<String>,
    /// Under which number they are told if the day is cancelled.
    #[schema(example = "13800000001")]
    pub phone: Option<String>,
    /// What they come about.
    pub about: Option<String>,
    /// When the place was booked; for whoever had not booked, when they came.
    pub booked_at: Time,
    /// By whose account.
    pub booked_by: Id,
    /// The petition that was registered, if the caller may see it.
    pub petition_id: Option<Id>,
    /// When they came, or the booking was cancelled.
    pub ended_at: Option<Time>,
    /// Why it was cancelled.
    pub end_reason: Option<String>,
}

impl Booking {
    /// The booking as shown; the petition only where the caller may see it.
    ///
    /// # Errors
    /// Internal only.
    pub fn view(self, cx: &Context, sees: impl Fn(Id) -> bool) -> Result<BookingView> {
        let phone = self.phone.as_deref().map(|sealed| cx.unseal(self.id, "phone", sealed)).transpose()?;
        Ok(BookingView {
            id: self.id,
            state: self.state,
            retiree_id: self.retiree_id,
            name: self.name,
            phone,
            about: self.about,
            booked_at: self.booked_at,
            booked_by: self.booked_by,
            petition_id: self.petition_id.filter(|id| sees(*id)),
            ended_at: self.ended_at,
            end_reason: self.end_reason,
        })
    }
}

/// What the public is told of a reception day.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PublicReceptionDay {
    /// The day, in the office's time zone.
    pub held_on: NaiveDate,
    /// When it begins, hours and minutes in the office's time zone.
    #[schema(example = "09:00")]
    pub starts: String,
    /// When it ends.
    #[schema(example = "11:30")]
    pub ends: String,
    /// Where to come.
    #[schema(example = "接访室一号厅")]
    pub place: String,
    /// The leader's name.
    #[schema(example = "何领导")]
    pub leader: String,
    /// How many places are left to book.
    #[schema(minimum = 0, example = 7)]
    pub places_left: i32,
}

/// The roster as the public reads it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PublicRoster {
    /// The reception days from today on, the next first; at most 100.
    pub items: Vec<PublicReceptionDay>,
}

/// A reception day to be published.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"held_on": "2026-04-15", "starts": "09:00", "ends": "11:30", "place": "接访室一号厅",
    "leader_id": "01a203e1-a23b-702d-a8b5-f2e83ac232d0", "places": 12}))]
pub struct PublishReceptionDay {
    /// A UUIDv7 made by the client; left out, the office makes one.
    #[serde(default)]
    pub id: Option<Id>,
    /// The day, in the office's time zone: today or within a year.
    pub held_on: NaiveDate,
    /// When it begins.
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    pub starts: String,
    /// When it ends.
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    pub ends: String,
    /// Where to come.
    #[schema(min_length = 1, max_length = 100, pattern = "\\S")]
    pub place: String,
    /// The leader who sits there.
    pub leader_id: Id,
    /// How many can book.
    #[schema(minimum = 1, maximum = 200)]
    pub places: i32,
}

/// What changes about a reception day; what is left out stays. Another day is another reception day: cancel this one.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"place": "接访室二号厅", "reason": "一号厅检修"}))]
pub struct ReceptionDayChange {
    /// Another hour to begin.
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    pub starts: Option<String>,
    /// Another hour to end.
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    pub ends: Option<String>,
    /// Another place to come to.
    #[schema(min_length = 1, max_length = 100, pattern = "\\S")]
    pub place: Option<String>,
    /// Another leader.
    pub leader_id: Option<Id>,
    /// More or fewer places.
    #[schema(minimum = 1, maximum = 200)]
    pub places: Option<i32>,
    /// Why, for the trail.
    #[schema(min_length = 1, max_length = 500, pattern = "\\S")]
    pub reason: Option<String>,
}

/// Why a reception day, or a booking, is cancelled.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "临时防汛值守，改期另行通知"}))]
pub struct CancelReception {
    /// Why.
    #[schema(min_length = 1, max_length = 500, pattern = "\\S")]
    pub reason: String,
}

/// A place to be booked.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "张建国", "phone": "13800000001", "about": "异地就医住院费未报销"}))]
pub struct BookPlace {
    /// A UUIDv7 made by the client; left out, the office makes one.
    #[serde(default)]
    pub id: Option<Id>,
    /// The retiree, if they were found in the roster.
    #[serde(default)]
    pub retiree_id: Option<Id>,
    /// Who comes.
    #[schema(min_length = 1, max_length = 100, pattern = "\\S")]
    pub name: String,
    /// Under which number they are told if the day is cancelled; kept encrypted.
    #[serde(default, deserialize_with = "number::optional_phone")]
    #[schema(min_length = 3, max_length = 30, pattern = "^[0-9０-９+＋()（） 　－–—-]*[0-9０-９][0-9０-９+＋()（） 　－–—-]*$")]
    pub phone: Option<String>,
    /// What they come about.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 500, pattern = "\\S")]
    pub about: Option<String>,
}

/// What somebody who came on a reception day tells, and what the leader says to it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "instruction": "请医疗保险科于月底前拿出意见，并当面向老同志说明。",
    "petition": {"channel": "visit", "kind": "claim", "category": "medical.remote", "title": "异地就医住院费未报销",
        "statement": "本人去年十月在省城女儿家突发心梗住院，回来后多次送材料，至今没有报销。",
        "parties": [{"role": "petitioner", "name": "张建国", "phone": "13800000001"}]}
}))]
pub struct RegisterVisit {
    /// The booking they come by; left out for whoever has not booked.
    #[serde(default)]
    pub booking_id: Option<Id>,
    /// The petition, as at the desk.
    pub petition: RegisterPetition,
    /// What the leader says should be done.
    #[schema(min_length = 1, max_length = 5000, pattern = "\\S")]
    pub instruction: String,
}
