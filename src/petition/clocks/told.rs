//! What an event says of the clocks: all it takes to rebuild them.

use crate::deadline::Clock;
use crate::deadline::model::LimitUnit;
use serde_json::{Map, Value, json};

/// What happened to clocks since the last event.
#[derive(Debug, Default)]
pub(super) struct Told {
    started: Vec<Value>,
    ended: Vec<Value>,
    moved: Vec<Value>,
}

impl Told {
    /// A clock began.
    pub(super) fn started(&mut self, clock: &Clock) {
        self.started.push(start(clock));
    }

    /// A clock runs again that a closing had ended: as it stood then.
    pub(super) fn restored(&mut self, clock: &Clock) {
        let mut told = start(clock);
        if let Some(members) = told.as_object_mut() {
            members.insert("restored_from".to_owned(), json!(clock.restored_from));
            members.insert("state".to_owned(), json!(clock.state));
            members.insert("extended_days".to_owned(), json!(clock.extended_days));
            members.insert("pauses".to_owned(), json!(clock.pauses));
        }
        self.started.push(told);
    }

    /// A clock ended.
    pub(super) fn ended(&mut self, clock: &Clock) {
        let mut told = json!({"id": clock.id, "kind": clock.kind, "state": clock.state, "stopped_at": clock.stopped_at});
        if let Some(members) = told.as_object_mut()
            && let Some(cause) = &clock.cause
        {
            members.insert("cause".to_owned(), json!(cause));
        }
        self.ended.push(told);
    }

    /// A clock is counted otherwise, or somebody else answers for it.
    pub(super) fn moved(&mut self, from: &Clock, to: &Clock) {
        let mut told = Map::from_iter([("id".to_owned(), json!(to.id)), ("kind".to_owned(), json!(to.kind))]);
        let mut note = |name: &str, from: Value, to: Value| {
            if from != to {
                told.insert(name.to_owned(), json!({"from": from, "to": to}));
            }
        };
        note("state", json!(from.state), json!(to.state));
        note("unit_id", json!(from.unit_id), json!(to.unit_id));
        note("started_at", json!(from.started_at), json!(to.started_at));
        note("limit_amount", json!(from.limit_amount), json!(to.limit_amount));
        note("limit_unit", json!(from.limit_unit), json!(to.limit_unit));
        note("extended_days", json!(from.extended_days), json!(to.extended_days));
        note("pauses", json!(from.pauses), json!(to.pauses));
        note("profile_version", json!(from.profile_version), json!(to.profile_version));
        note("calendar_version", json!(from.calendar_version), json!(to.calendar_version));
        note("provisional", json!(from.provisional), json!(to.provisional));
        note("due_on", json!(from.due_on), json!(to.due_on));
        note("due_at", json!(from.due_at), json!(to.due_at));
        self.moved.push(Value::Object(told));
    }

    /// The member of an event; none when nothing happened.
    pub(super) fn into_value(self) -> Option<Value> {
        let parts = [("started", self.started), ("ended", self.ended), ("moved", self.moved)];
        let members: Map<String, Value> =
            parts.into_iter().filter(|(_, told)| !told.is_empty()).map(|(name, told)| (name.to_owned(), Value::Array(told))).collect();
        (!members.is_empty()).then_some(Value::Object(members))
    }
}

/// What is told of a clock that begins.
fn start(clock: &Clock) -> Value {
    let mut told = json!({
        "id": clock.id, "kind": clock.kind, "unit_id": clock.unit_id, "started_at": clock.started_at, "due_on": clock.due_on,
        "due_at": clock.due_at, "profile": clock.profile, "profile_version": clock.profile_version, "calendar": clock.calendar,
        "calendar_version": clock.calendar_version, "limit_unit": clock.limit_unit,
    });
    if let Some(members) = told.as_object_mut()
        && clock.limit_unit != LimitUnit::Date
    {
        members.insert("limit_amount".to_owned(), json!(clock.limit_amount));
    }
    told
}
