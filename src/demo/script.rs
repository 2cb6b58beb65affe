//! The sample petitions: each a small script of acts, played in the order of their times.

use crate::account::repo as accounts;
use crate::auth::{Actor, context::Origin};
use crate::closure::service as closing;
use crate::evaluation::{model::Rated, service as evaluation};
use crate::handling::{acceptance, delivery, opinion};
use crate::intake::service as intake;
use crate::petition::registration::prepare;
use crate::petition::service as petition;
use crate::platform::Platform;
use crate::platform::clock::office_day;
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Result};
use crate::platform::web::{Answer, Body, IfMatch, Shapes};
use crate::referral::service as referral;
use crate::unit::repo as units;
use chrono::{DateTime, Duration, NaiveTime, TimeZone, Utc};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use utoipa::ToSchema;

/// One sample petition.
#[derive(Deserialize)]
pub(super) struct SamplePetition {
    days_ago: i64,
    acts: Vec<SampleAct>,
    #[serde(flatten)]
    body: Map<String, Value>,
}

#[derive(Deserialize)]
struct SampleAct {
    act: String,
    by: String,
    after_days: i64,
    #[serde(flatten)]
    body: Map<String, Value>,
}

/// Something that is done at a time: registering (no act) or the n-th act of a petition.
struct Step {
    at: DateTime<Utc>,
    petition: usize,
    act: Option<usize>,
}

/// Plays the sample petitions up to today.
///
/// # Errors
/// When the sample does not fit the product: its author is told where.
pub async fn petitions(platform: &Platform, shapes: &Shapes) -> Result<()> {
    let sample = super::sample()?;
    let mut steps = Vec::new();
    for (petition, script) in sample.petitions.iter().enumerate() {
        let mut at = opening(platform, script.days_ago, petition);
        steps.push(Step { at, petition, act: None });
        for (n, act) in script.acts.iter().enumerate() {
            at = at + Duration::days(act.after_days) + Duration::minutes(17);
            steps.push(Step { at, petition, act: Some(n) });
        }
    }
    steps.sort_by_key(|step| step.at);
    let mut ids = vec![Id::NIL; sample.petitions.len()];
    for step in steps {
        let script = sample.petitions.get(step.petition).ok_or(Error::NotFound)?;
        let at = step.at.min(platform.clock.now());
        match step.act.and_then(|n| script.acts.get(n)) {
            None => {
                let body = with_unit_ids(platform, script.body.clone()).await?;
                let registrar = if step.petition % 3 == 2 { "desk2" } else { "desk" };
                let answer = play(platform, shapes, registrar, at, Id::NIL, "register", body).await?;
                ids[step.petition] = id_of(&answer)?;
            }
            Some(act) => {
                let body = with_unit_ids(platform, act.body.clone()).await?;
                play(platform, shapes, &act.by, at, ids[step.petition], &act.act, body)
                    .await
                    .map_err(|e| Error::internal(format!("sample petition {}: {} by {}: {e}", step.petition + 1, act.act, act.by)))?;
            }
        }
    }
    Ok(())
}

/// A morning of the office, `days_ago` days back; a few minutes apart, so that no two arrive at once.
fn opening(platform: &Platform, days_ago: i64, n: usize) -> DateTime<Utc> {
    let zone = platform.config.zone;
    let day = office_day(platform.clock.now(), zone) - Duration::days(days_ago);
    let minutes = i64::try_from(n).unwrap_or(0) * 3;
    let nine = day.and_time(NaiveTime::from_hms_opt(9, 0, 0).unwrap_or_default());
    zone.from_local_datetime(&nine).earliest().map_or(platform.clock.now(), |t| t.to_utc()) + Duration::minutes(minutes)
}

async fn play(
    platform: &Platform,
    shapes: &Shapes,
    by: &str,
    at: DateTime<Utc>,
    id: Id,
    act: &str,
    body: Map<String, Value>,
) -> Result<Answer> {
    let username = by.to_owned();
    let (account, roles) = platform
        .db
        .read(move |c| {
            let account = accounts::by_username(c, &username)?.ok_or(Error::NotFound)?;
            let roles = accounts::roles(c, &[account.id])?.remove(&account.id).unwrap_or_default();
            Ok((account, roles))
        })
        .await?;
    let actor = Actor { account_id: Some(account.id), unit_id: account.unit_id, roles };
    let origin =
        Origin { actor: Arc::new(actor), moment: platform.ids.moment(at), if_match: IfMatch::Any, ..Origin::system(platform, "demo") };
    macro_rules! perform {
        ($body:ty, $f:expr) => {{
            let body: Body<$body> = read(&body, shapes)?;
            let f = $f;
            platform.db.write(move |c| f(c, &mut origin.context(), id, &body)).await
        }};
    }
    match act {
        "register" => {
            let body: Body<crate::petition::registration::RegisterPetition> = read(&body, shapes)?;
            let prepared = prepare(&mut origin.aside(), body.shaped()?)?;
            platform.db.write(move |c| intake::register(c, &mut origin.context(), body.shaped()?, &prepared)).await
        }
        "give_notice" => perform!(crate::notice::NewNotice, intake::give_notice),
        "add_note" => perform!(petition::AddNote, petition::add_note),
        "refer" => perform!(crate::referral::model::ReferPetition, referral::refer),
        "accept" => perform!(crate::handling::model::AcceptPetition, acceptance::accept),
        "issue_opinion" | "correct_opinion" => perform!(crate::handling::model::GiveOpinion, opinion::give),
        "deliver" => perform!(crate::handling::model::DeliverAnswer, delivery::deliver),
        "evaluate_office" => {
            perform!(crate::evaluation::model::Evaluate, |c: &mut _, cx: &mut _, id, b: &_| evaluation::evaluate(
                c,
                cx,
                id,
                Rated::Office,
                b
            ))
        }
        "evaluate_unit" => {
            perform!(crate::evaluation::model::Evaluate, |c: &mut _, cx: &mut _, id, b: &_| evaluation::evaluate(c, cx, id, Rated::Unit, b))
        }
        "close" => perform!(crate::closure::model::ClosePetition, closing::close),
        "withdraw" => perform!(crate::closure::model::WithdrawPetition, closing::withdraw),
        other => Err(Error::internal(format!("the sample knows no act {other}"))),
    }
}

fn read<T: DeserializeOwned + ToSchema>(body: &Map<String, Value>, shapes: &Shapes) -> Result<Body<T>> {
    let text = serde_json::to_vec(body).map_err(|e| Error::Internal(Box::new(e)))?;
    Body::from_bytes(&text, shapes).map_err(|problem| Error::internal(format!("{problem:?}")))
}

/// The sample names units by code; the API by id.
async fn with_unit_ids(platform: &Platform, mut body: Map<String, Value>) -> Result<Map<String, Value>> {
    let code_of = |value: Option<Value>| value.and_then(|v| v.as_str().map(str::to_owned));
    if let Some(code) = code_of(body.remove("unit")) {
        body.insert("unit_id".to_owned(), json!(unit_id(platform, code).await?));
    }
    if let Some(Value::Object(subject)) = body.get_mut("subject")
        && let Some(code) = code_of(subject.remove("unit"))
    {
        subject.insert("unit_id".to_owned(), json!(unit_id(platform, code).await?));
    }
    Ok(body)
}

async fn unit_id(platform: &Platform, code: String) -> Result<Id> {
    platform.db.read(move |c| Ok(units::by_code(c, &code)?.ok_or(Error::NotFound)?.id)).await
}

fn id_of(answer: &Answer) -> Result<Id> {
    let body: Value = serde_json::from_str(answer.body.as_deref().unwrap_or_default()).map_err(|e| Error::Internal(Box::new(e)))?;
    Ok(Id::or_nil(body.get("id").and_then(Value::as_str).unwrap_or_default()))
}
