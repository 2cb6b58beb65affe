//! Playing the deeds: each through the service its route calls, in its own time, all in one transaction.

use super::deeds::Deed;
use super::office::Office;
use crate::auth::Context;
use crate::auth::context::Origin;
use crate::closure::service as closure;
use crate::evaluation::{model::Rated, service as evaluation};
use crate::handling::{acceptance, delivery, opinion};
use crate::intake::service as intake;
use crate::petition::registration::{RegisterPetition, prepare};
use crate::petition::{Act, Case, correction, service as petition};
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::web::{Answer, Body, IfMatch, Shapes};
use crate::referral::service as referral;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use utoipa::ToSchema;

/// A deed whose body has been read: can be done, and done again.
type Ready = Box<dyn Fn(&mut Conn, &mut Context) -> Result<Answer> + Send + Sync>;

/// Does all of them, in their order and in one transaction: broken off in the middle, nothing was done.
///
/// # Errors
/// When one of them is refused: the sample's author is told which.
pub(super) async fn play(platform: &Platform, shapes: &Arc<Shapes>, office: &Office, deeds: Vec<Deed>) -> Result<()> {
    let mut all = Vec::with_capacity(deeds.len());
    for deed in deeds {
        let origin = Origin {
            actor: office.actor(&deed.by)?,
            moment: deed.moment.clone(),
            if_match: IfMatch::Any,
            ..Origin::system(platform, "demo")
        };
        let what = format!("{} {:?} by {}", deed.petition, deed.act, deed.by);
        all.push((ready(&origin, deed, shapes)?, origin, what));
    }
    let play = move |c: &mut Conn| {
        for (ready, origin, what) in &all {
            ready(c, &mut origin.context()).map_err(|e| Error::internal(format!("sample petition {what}: {e}: {e:?}")))?;
        }
        Ok(())
    };
    platform.db.write(play).await
}

/// A withdrawal names everybody whose petition it is: they are looked up when they are there.
fn withdraw(c: &mut Conn, cx: &mut Context, deed: &Deed, shapes: &Shapes) -> Result<Answer> {
    let case = Case::load(c, cx, deed.petition)?;
    let parties: Vec<_> = case.active_parties().filter(|p| p.role.is_principal()).map(|p| p.id).collect();
    let mut body = deed.body.clone();
    body.insert("party_ids".to_owned(), json!(parties));
    closure::withdraw(c, cx, deed.petition, &read(&body, shapes)?)
}

/// The service behind an act, with its body. A new act gets its line here.
fn ready(origin: &Origin, deed: Deed, shapes: &Arc<Shapes>) -> Result<Ready> {
    let id = deed.petition;
    macro_rules! perform {
        ($f:expr) => {{
            let (body, f) = (read(&deed.body, shapes)?, $f);
            Box::new(move |c: &mut Conn, cx: &mut Context| f(c, cx, id, &body))
        }};
    }
    Ok(match deed.act {
        Act::Register => {
            let body: Body<RegisterPetition> = read(&deed.body, shapes)?;
            let prepared = prepare(&mut origin.aside(), body.shaped()?)?;
            Box::new(move |c, cx| intake::register(c, cx, body.shaped()?, &prepared))
        }
        Act::Correct => perform!(correction::correct),
        Act::AddParty => perform!(petition::add_party),
        Act::AddNote => perform!(petition::add_note),
        Act::GiveNotice => perform!(intake::give_notice),
        Act::Refer => perform!(referral::refer),
        Act::Accept => perform!(acceptance::accept),
        Act::IssueOpinion | Act::CorrectOpinion => perform!(opinion::give),
        Act::Deliver => perform!(delivery::deliver),
        Act::EvaluateOffice => perform!(|c: &mut _, cx: &mut _, id, body: &_| evaluation::evaluate(c, cx, id, Rated::Office, body)),
        Act::EvaluateUnit => perform!(|c: &mut _, cx: &mut _, id, body: &_| evaluation::evaluate(c, cx, id, Rated::Unit, body)),
        Act::Withdraw => {
            let shapes = Arc::clone(shapes);
            Box::new(move |c, cx| withdraw(c, cx, &deed, &shapes))
        }
        act if act.row().reason.is_some() => perform!(closure::close),
        other => return Err(Error::internal(format!("the sample does not know how to {}", other.row().title))),
    })
}

fn read<T: DeserializeOwned + ToSchema>(body: &Map<String, Value>, shapes: &Shapes) -> Result<Body<T>> {
    let text = serde_json::to_vec(body).map_err(|e| Error::Internal(Box::new(e)))?;
    Body::from_bytes(&text, shapes).map_err(|problem| Error::internal(format!("{problem:?}")))
}
