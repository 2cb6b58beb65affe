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
use std::time::Duration;
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

/// Mounts the routes.
pub fn configure(cfg: &mut ServiceConfig<'_>) {
    cfg.service(ask_status).service(evaluate_in_person).service(contest_in_person);
}

/// Ask how a petition stands
///
/// With the number and the query code of the receipt, without an account. A wrong number and a wrong code answer alike.
#[utoipa::path(tag = "public", request_body = AskStatus, responses(
    (status = 200, body = PublicStatus, description = "How it stands, in plain words"),
    (status = 400, description = "Unreadable", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "No petition with this number and this code; where to ask, if the office entered its telephone", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 413, description = "The body is too large", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 415, description = "Not a media type taken here", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 422, description = "The input is wrong and every fault is listed", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 429, description = "Asked too often", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 503, description = "Overloaded", body = ProblemDocument, content_type = "application/problem+json")))]
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
    (status = 400, description = "Unreadable", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "No petition with this number and this code; where to ask, if the office entered its telephone", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "Not possible, or not any more", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 413, description = "The body is too large", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 415, description = "Not a media type taken here", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 422, description = "The input is wrong and every fault is listed", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 429, description = "Asked too often", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 503, description = "Overloaded", body = ProblemDocument, content_type = "application/problem+json")))]
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
    (status = 400, description = "Unreadable", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "No petition with this number and this code; where to ask, if the office entered its telephone", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "Not possible, or not any more", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 413, description = "The body is too large", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 415, description = "Not a media type taken here", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 422, description = "The input is wrong and every fault is listed", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 429, description = "Asked too often", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 503, description = "Overloaded", body = ProblemDocument, content_type = "application/problem+json")))]
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
