//! Playing the deeds: each through the service its route calls, in its own time, many in one transaction.

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
use serde_json::json;
use utoipa::ToSchema;

/// Deeds in one transaction: a commit each would take longer than all they do.
const AT_ONCE: usize = 200;

/// A deed whose body has been read: can be done, and done again.
type Ready = Box<dyn Fn(&mut Conn, &mut Context) -> Result<Answer> + Send + Sync>;

/// Does all of them, in their order.
///
/// # Errors
/// When one of them is refused: the sample's author is told which. What was played before it stays.
pub(super) async fn play(platform: &Platform, shapes: &Shapes, office: &Office, deeds: Vec<Deed>) -> Result<()> {
    let mut part = Vec::with_capacity(AT_ONCE);
    for deed in deeds {
        let deed = with_parties(platform, office, deed, &mut part).await?;
        let origin = Origin {
            actor: office.actor(&deed.by)?,
            moment: deed.moment.clone(),
            if_match: IfMatch::Any,
            ..Origin::system(platform, "demo")
        };
        let ready = ready(&origin, &deed, shapes)?;
        part.push((origin, ready, format!("{} {:?} by {}", deed.petition, deed.act, deed.by)));
        if part.len() == AT_ONCE {
            flush(platform, &mut part).await?;
        }
    }
    flush(platform, &mut part).await
}

type Part = Vec<(Origin, Ready, String)>;

async fn flush(platform: &Platform, part: &mut Part) -> Result<()> {
    let part = std::mem::take(part);
    platform
        .db
        .write(move |c| {
            for (origin, ready, what) in &part {
                ready(c, &mut origin.context()).map_err(|e| Error::internal(format!("sample petition {what}: {e}: {e:?}")))?;
            }
            Ok(())
        })
        .await
}

/// A withdrawal names everybody whose petition it is: they are looked up when they are there.
async fn with_parties(platform: &Platform, office: &Office, mut deed: Deed, part: &mut Part) -> Result<Deed> {
    if deed.act == Act::Withdraw {
        flush(platform, part).await?;
        let (actor, id) = (office.actor(&deed.by)?, deed.petition);
        let parties = platform.db.read(move |c| {
            let case = Case::load(c, &actor, id)?;
            Ok(case.active_parties().filter(|p| p.role.is_principal()).map(|p| p.id).collect::<Vec<_>>())
        });
        deed.body.insert("party_ids".to_owned(), json!(parties.await?));
    }
    Ok(deed)
}

/// The service behind an act, with its body. A new act gets its line here.
fn ready(origin: &Origin, deed: &Deed, shapes: &Shapes) -> Result<Ready> {
    let id = deed.petition;
    macro_rules! perform {
        ($f:expr) => {{
            let (body, f) = (read(deed, shapes)?, $f);
            Box::new(move |c: &mut Conn, cx: &mut Context| f(c, cx, id, &body))
        }};
    }
    Ok(match deed.act {
        Act::Register => {
            let body: Body<RegisterPetition> = read(deed, shapes)?;
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
        Act::Withdraw => perform!(closure::withdraw),
        act if act.row().reason.is_some() => perform!(closure::close),
        other => return Err(Error::internal(format!("the sample does not know how to {}", other.row().title))),
    })
}

fn read<T: DeserializeOwned + ToSchema>(deed: &Deed, shapes: &Shapes) -> Result<Body<T>> {
    let text = serde_json::to_vec(&deed.body).map_err(|e| Error::Internal(Box::new(e)))?;
    Body::from_bytes(&text, shapes).map_err(|problem| Error::internal(format!("{problem:?}")))
}
