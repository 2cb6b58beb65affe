//! What is open to whoever has the receipt in hand.

use super::model::{AskStatus, ContestInPerson, EvaluateInPerson, PublicStatus, WithReceipt};
use super::service::{self, Told};
use crate::account::session::rules::network;
use crate::auth::Context;
use crate::auth::context::Origin;
use crate::codes;
use crate::petition::number::read_number;
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::web::rate::RateLimits;
use crate::platform::web::{Answer, Body, Lang, Problem, ProblemDocument, RequestMeta, Response};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, post, put, web};
use std::collections::BTreeMap;
use std::time::Duration;
use utoipa::IntoResponses;
use utoipa::openapi::{self, Content, Ref, RefOr};
use utoipa_actix_web::service_config::ServiceConfig;

/// How often a number may be asked for from one address, and an address may ask at all: a stranger who guesses is held up, and nobody
/// else with them.
pub struct PublicLimits {
    number: RateLimits,
    address: RateLimits,
}

impl Default for PublicLimits {
    fn default() -> Self {
        Self { number: RateLimits::spaced(10, Duration::from_secs(30)), address: RateLimits::spaced(120, Duration::from_secs(2)) }
    }
}

/// What whoever comes with a receipt can be refused with; the document says it of each operation.
struct Refusals;

impl IntoResponses for Refusals {
    fn responses() -> BTreeMap<String, RefOr<openapi::Response>> {
        let problem = || Content::new(Some(Ref::from_schema_name("ProblemDocument")));
        let refused = |(status, why): (&str, &str)| {
            let response = openapi::ResponseBuilder::new().description(why).content("application/problem+json", problem()).build();
            (status.to_owned(), RefOr::T(response))
        };
        let all = [
            ("400", "Unreadable"),
            ("404", "No petition with this number and this code; where to ask, if the office entered its telephone"),
            ("413", "The body is too large"),
            ("415", "Not a media type taken here"),
            ("422", "The input is wrong and every fault is listed"),
            ("429", "Asked too often"),
            ("503", "Overloaded"),
        ];
        all.into_iter().map(refused).collect()
    }
}

/// Mounts the routes.
pub fn configure(cfg: &mut ServiceConfig<'_>) {
    cfg.service(ask_status).service(evaluate_in_person).service(contest_in_person);
}

/// Ask how a petition stands
///
/// With the number and the query code of the receipt, without an account. A wrong number and a wrong code answer alike.
#[utoipa::path(tag = "public", request_body = AskStatus, responses(
    (status = 200, body = PublicStatus, description = "How it stands, in plain words"),
    Refusals))]
#[post("/public/status")]
async fn ask_status(req: HttpRequest, body: Body<AskStatus>, platform: web::Data<Platform>, limits: web::Data<PublicLimits>) -> Response {
    answer(&req, &body, &platform, &limits, service::status).await
}

/// Say what you think of it
///
/// By the petitioner in person, with the number and the query code of the receipt. Of the office and of the unit each; it may be changed
/// once, with a reason. Saying the same again changes nothing.
#[utoipa::path(tag = "public", request_body = EvaluateInPerson, responses(
    (status = 200, body = PublicStatus, description = "How it stands now"),
    (status = 409, description = "Not possible, or not any more", body = ProblemDocument, content_type = "application/problem+json"),
    Refusals))]
#[put("/public/evaluation")]
async fn evaluate_in_person(
    req: HttpRequest,
    body: Body<EvaluateInPerson>,
    platform: web::Data<Platform>,
    limits: web::Data<PublicLimits>,
) -> Response {
    answer(&req, &body, &platform, &limits, service::evaluate).await
}

/// Ask for a review
///
/// By the petitioner in person, with the number and the query code of the receipt: within the days that the answer names, to the unit
/// above. To ask again in the same words changes nothing.
#[utoipa::path(tag = "public", request_body = ContestInPerson, responses(
    (status = 200, body = PublicStatus, description = "How it stands now"),
    (status = 409, description = "Not possible, or not any more", body = ProblemDocument, content_type = "application/problem+json"),
    Refusals))]
#[post("/public/reviews")]
async fn contest_in_person(
    req: HttpRequest,
    body: Body<ContestInPerson>,
    platform: web::Data<Platform>,
    limits: web::Data<PublicLimits>,
) -> Response {
    answer(&req, &body, &platform, &limits, service::contest).await
}

async fn answer<T: WithReceipt + Clone + Send + Sync + 'static>(
    req: &HttpRequest,
    body: &Body<T>,
    platform: &Platform,
    limits: &PublicLimits,
    f: fn(&mut Conn, &mut Context, &T, &str, Lang) -> Result<Told>,
) -> Response {
    let meta = RequestMeta::of(req);
    meta.accepts(&["application/json"])?;
    let address = network(meta.address);
    limits.address.check(&address)?;
    let asked = body.shaped()?.clone();
    // however it is written; the impossible ones share one allowance
    let number = read_number(asked.receipt().number).unwrap_or_default();
    limits.number.check(&format!("{address} {number}"))?;
    let (origin, lang) = (Origin::system(platform, &meta.request_id_echo), meta.lang);
    let (found, desk) = platform.db.write(move |c| f(c, &mut origin.context(), &asked, &address, lang)).await?;
    let Some(status) = found else {
        let wrong = |code| Problem::new(StatusCode::NOT_FOUND, code);
        return Err(desk.map_or_else(|| wrong(codes::WRONG_RECEIPT), |desk| wrong(codes::WRONG_RECEIPT_CALL).arg(desk.phone)));
    };
    Ok(Answer::ok(&status)?.into_response(&meta, false))
}
