//! Signing in over HTTP, with real passwords, and what an access token is worth.

use super::harness::{Answer, Request, TestApp};
use chrono::Duration;
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::future::IntoFuture;
use xinfang::platform::db::Conn;
use xinfang::platform::db::schema::{access_failure, access_log};

const FORM: &str = "application/x-www-form-urlencoded";

/// What the token endpoint says to a form, to one of two clients.
fn ask<'a>(app: &'a TestApp, form: &str) -> Request<'a> {
    app.anonymous().call(Method::POST, "/auth/token").raw_body(form.to_owned(), FORM).header("user-agent", "desk-browser")
}

fn password<'a>(app: &'a TestApp, username: &str, password: &str) -> Request<'a> {
    ask(app, &format!("grant_type=password&username={username}&password={password}"))
}

fn refresh<'a>(app: &'a TestApp, token: &str) -> Request<'a> {
    ask(app, &format!("grant_type=refresh_token&refresh_token={token}"))
}

#[track_caller]
fn denied(answer: &Answer, error: &str, code: &str) {
    assert_eq!((answer.status, answer.text("/error").as_str(), answer.text("/code").as_str()), (400, error, code), "{answer}");
    assert_eq!(answer.header("cache-control"), Some("no-store"), "{answer}");
}

async fn log(app: &TestApp) -> Vec<(String, String)> {
    app.rows(|c| Ok(access_log::table.select((access_log::kind, access_log::outcome)).order(access_log::id).load(c)?)).await
}

#[tokio::test]
async fn a_password_gives_tokens_that_are_good_for_a_quarter_of_an_hour() {
    let app = TestApp::start().await;
    let signed_in = password(&app, "Desk", "demo-demo").await.expect(200);
    assert_eq!((signed_in.body["token_type"].clone(), signed_in.body["expires_in"].clone()), (json!("Bearer"), json!(900)), "{signed_in}");
    assert!(signed_in.text("/scope").contains("read_petitions"), "{signed_in}");
    assert_eq!(signed_in.header("cache-control"), Some("no-store"), "{signed_in}");
    let token = format!("Bearer {}", signed_in.text("/access_token"));
    let me = || app.anonymous().get("/me").authorization(&token);
    assert_eq!(me().await.expect(200).text("/username"), "desk");
    app.advance(Duration::minutes(14));
    me().await.expect(200);
    app.advance(Duration::minutes(2));
    me().await.expect(401).problem("token_expired");
    assert_eq!(log(&app).await, [("sign_in".to_owned(), "granted".to_owned())]);
}

#[tokio::test]
async fn a_refresh_token_is_used_once_and_its_reuse_ends_the_session() {
    let app = TestApp::start().await;
    let first = password(&app, "desk", "demo-demo").await.expect(200).text("/refresh_token");
    let second = refresh(&app, &first).await.expect(200).text("/refresh_token");
    assert_ne!(first, second);
    // the answer was lost on the way: the same client gets the same successor, another one does not
    app.advance(Duration::seconds(60));
    assert_eq!(refresh(&app, &first).await.expect(200).text("/refresh_token"), second);
    let third = refresh(&app, &second).await.expect(200).text("/refresh_token");
    app.advance(Duration::seconds(61));
    denied(&refresh(&app, &second).await, "invalid_grant", "no_such_grant");
    for dead in [&first, &second, &third] {
        denied(&refresh(&app, dead).await, "invalid_grant", "no_such_grant");
    }
    assert!(log(&app).await.contains(&("refresh".to_owned(), "reused".to_owned())));
    // another session of the same person goes on
    let other = password(&app, "desk", "demo-demo").await.expect(200).text("/refresh_token");
    refresh(&app, &other).await.expect(200);
}

#[tokio::test]
async fn a_used_token_in_other_hands_ends_the_session_at_once() {
    let app = TestApp::start().await;
    let first = password(&app, "desk", "demo-demo").await.expect(200).text("/refresh_token");
    let second = refresh(&app, &first).await.expect(200).text("/refresh_token");
    denied(&refresh(&app, &first).header("user-agent", "thief").await, "invalid_grant", "no_such_grant");
    denied(&refresh(&app, &second).await, "invalid_grant", "no_such_grant");
}

#[tokio::test]
async fn signing_out_ends_the_session() {
    let app = TestApp::start().await;
    let token = password(&app, "desk", "demo-demo").await.expect(200).text("/refresh_token");
    let revoke = |form: String| app.anonymous().call(Method::POST, "/auth/revoke").raw_body(form, FORM);
    revoke(format!("token={token}")).await.expect(200);
    revoke(format!("token={token}")).await.expect(200);
    revoke("token=unknown".to_owned()).await.expect(200);
    revoke("nothing=1".to_owned()).await.expect(400);
    denied(&refresh(&app, &token).await, "invalid_grant", "no_such_grant");
    let ended = log(&app).await.into_iter().filter(|(kind, _)| kind == "sign_out").count();
    assert_eq!(ended, 1);
}

#[tokio::test]
async fn a_refresh_token_lives_thirty_days() {
    let app = TestApp::start().await;
    let token = password(&app, "desk", "demo-demo").await.expect(200).text("/refresh_token");
    app.advance(Duration::days(30));
    denied(&refresh(&app, &token).await, "invalid_grant", "no_such_grant");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_are_the_same_to_a_stranger() {
    let app = TestApp::start().await;
    let wrong = password(&app, "desk", "wrong-wrong").await;
    let unknown = password(&app, "nobody", "wrong-wrong").await;
    denied(&wrong, "invalid_grant", "wrong_credentials");
    assert_eq!((wrong.status, &wrong.body), (unknown.status, &unknown.body));
    assert_eq!(log(&app).await, [("sign_in".to_owned(), "wrong_password".to_owned())]);
    let counted: Vec<i64> = app.rows(|c| Ok(access_failure::table.select(access_failure::failures).load(c)?)).await;
    assert_eq!(counted, [1]);
}

#[tokio::test]
async fn failures_make_the_next_attempt_wait_even_the_right_one() {
    let app = TestApp::start().await;
    for _ in 0..5 {
        denied(&password(&app, "desk", "wrong-wrong").await, "invalid_grant", "wrong_credentials");
    }
    let told = password(&app, "desk", "demo-demo").await.expect(429);
    assert_eq!((told.text("/error").as_str(), told.header("retry-after")), ("slow_down", Some("1")), "{told}");
    password(&app, "officer", "demo-demo").await.expect(200);
    app.advance(Duration::seconds(1));
    denied(&password(&app, "desk", "wrong-wrong").await, "invalid_grant", "wrong_credentials");
    assert_eq!(password(&app, "desk", "demo-demo").await.expect(429).header("retry-after"), Some("2"));
    app.advance(Duration::seconds(2));
    password(&app, "desk", "demo-demo").await.expect(200);
    // signing in makes the name free again
    denied(&password(&app, "desk", "wrong-wrong").await, "invalid_grant", "wrong_credentials");
    password(&app, "desk", "demo-demo").await.expect(200);
}

#[tokio::test]
async fn a_suspended_account_neither_signs_in_nor_goes_on() {
    let app = TestApp::start().await;
    let token = password(&app, "desk", "demo-demo").await.expect(200).text("/refresh_token");
    let path = format!("/staff/{}", app.office().account("desk").id());
    let etag = app.admin().get(&path).await.expect(200).etag();
    app.admin().patch(&path, json!({"status": "suspended", "reason": "离岗"})).if_match(&etag).await.expect(200);
    denied(&password(&app, "desk", "demo-demo").await, "invalid_grant", "account_suspended");
    // whether the account exists is told to nobody who does not know its password
    denied(&password(&app, "desk", "wrong-wrong").await, "invalid_grant", "wrong_credentials");
    assert_eq!(refresh(&app, &token).await.expect(400).text("/error"), "invalid_grant");
    assert!(log(&app).await.contains(&("sign_in".to_owned(), "suspended".to_owned())));
    let etag = app.admin().get(&path).await.expect(200).etag();
    app.admin().patch(&path, json!({"status": "active"})).if_match(&etag).await.expect(200);
    password(&app, "desk", "demo-demo").await.expect(200);
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_as_rfc_6749_says() {
    let app = TestApp::start().await;
    let unsupported = ask(&app, "grant_type=implicit").await;
    denied(&unsupported, "unsupported_grant_type", "grant_type_unsupported");
    for form in [
        "",
        "grant_type=password&username=desk",
        "grant_type=password&grant_type=password&username=desk&password=x",
        "grant_type=refresh_token",
    ] {
        assert_eq!(ask(&app, form).await.expect(400).text("/error"), "invalid_request", "{form}");
    }
    let json = app.anonymous().post("/auth/token", json!({"grant_type": "password"})).await.expect(400);
    assert_eq!(json.text("/error"), "invalid_request");
}

/// A PKCS#8 wrapping of an Ed25519 seed, as RFC 8410 lays it out.
fn signing(seed: &[u8]) -> EncodingKey {
    let prefix = HEXLOWER.decode(b"302e020100300506032b657004220420").unwrap();
    EncodingKey::from_ed_der(&[prefix.as_slice(), seed].concat())
}

#[tokio::test]
async fn the_published_keys_verify_a_token() {
    let app = TestApp::start().await;
    let token = password(&app, "desk", "demo-demo").await.expect(200).text("/access_token");
    let set = app.anonymous().get("/.well-known/jwks.json").await.expect(200);
    let header = jsonwebtoken::decode_header(&token).unwrap();
    assert_eq!(header.alg, Algorithm::EdDSA);
    let keys = set.body["keys"].as_array().unwrap();
    let key = keys.iter().find(|key| key["kid"].as_str() == header.kid.as_deref()).unwrap();
    assert_eq!((&key["kty"], &key["crv"]), (&json!("OKP"), &json!("Ed25519")));
    assert!(keys.iter().all(|key| key.get("d").is_none()), "a private key is published");
    // RFC 8037, appendix A.3: the thumbprint names the key
    let canonical = json!({"crv": key["crv"], "kty": key["kty"], "x": key["x"]}).to_string();
    assert_eq!(header.kid.unwrap(), BASE64URL_NOPAD.encode(&Sha256::digest(canonical.as_bytes())));
    let decoding = DecodingKey::from_ed_components(key["x"].as_str().unwrap()).unwrap();
    let mut validation = Validation::new(Algorithm::EdDSA);
    (validation.validate_exp, validation.validate_nbf) = (false, false);
    validation.set_audience(&["xinfang-api"]);
    let claims = jsonwebtoken::decode::<Value>(&token, &decoding, &validation).unwrap().claims;
    assert_eq!(claims["sub"], json!(app.office().account("desk").id()));
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 900);
}

#[tokio::test]
async fn a_token_for_others_or_by_others_is_refused() {
    let app = TestApp::start().await;
    let ours = app.desk().token().unwrap();
    let kid = jsonwebtoken::decode_header(&ours).unwrap().kid.unwrap();
    let claims: Value = serde_json::from_slice(&BASE64URL_NOPAD.decode(ours.split('.').nth(1).unwrap().as_bytes()).unwrap()).unwrap();
    let seed = app.platform.keys.tokens()[0].seed.expose().to_vec();
    let header = |alg, kid: &str| Header { kid: Some(kid.to_owned()), ..Header::new(alg) };
    let sign = |header: &Header, claims: &Value, key: &EncodingKey| jsonwebtoken::encode(header, claims, key).unwrap();
    let with = |name: &str, value: Value| {
        let mut claims = claims.clone();
        claims[name] = value;
        claims
    };
    let eddsa = header(Algorithm::EdDSA, &kid);
    // the same key and claims are taken: what follows is refused for what it changes alone
    let good = sign(&eddsa, &claims, &signing(&seed));
    app.anonymous().get("/me").authorization(&format!("Bearer {good}")).await.expect(200);
    let public = BASE64URL_NOPAD.decode(app.anonymous().get("/.well-known/jwks.json").await.text("/keys/0/x").as_bytes()).unwrap();
    let none = BASE64URL_NOPAD.encode(format!(r#"{{"alg":"none","typ":"JWT","kid":"{kid}"}}"#).as_bytes());
    let refused = [
        ("another audience", sign(&eddsa, &with("aud", json!("another-api")), &signing(&seed))),
        ("another issuer", sign(&eddsa, &with("iss", json!("another")), &signing(&seed))),
        ("begins tomorrow", sign(&eddsa, &with("nbf", json!(claims["nbf"].as_i64().unwrap() + 86_400)), &signing(&seed))),
        ("an unknown role", sign(&eddsa, &with("roles", json!(["emperor"])), &signing(&seed))),
        ("an unknown key's name", sign(&header(Algorithm::EdDSA, "unknown"), &claims, &signing(&seed))),
        ("another key", sign(&eddsa, &claims, &signing(&[7; 32]))),
        ("the public key as an HMAC secret", sign(&header(Algorithm::HS256, &kid), &claims, &EncodingKey::from_secret(&public))),
        ("no signature", format!("{none}.{}.", ours.split('.').nth(1).unwrap())),
    ];
    for (what, token) in refused {
        let answer = app.anonymous().get("/me").authorization(&format!("Bearer {token}")).await;
        assert!(answer.status == 401 && answer.body["code"] == "token_invalid", "{what}: {answer}");
    }
}

/// The password is looked at before the session is written; in between an administrator may have been faster. (On SQLite writes
/// follow each other.)
#[tokio::test]
async fn a_sign_in_under_way_does_not_outlive_a_suspension_or_a_new_password() {
    let app = TestApp::start().await;
    let (Conn::Pg(mut c), Conn::Pg(mut watch)) = (app.connect(), app.connect()) else { return };
    for (change, code) in [("password_hash = 'another'", "wrong_credentials"), ("status = 'suspended'", "account_suspended")] {
        let username = if code == "account_suspended" { "desk" } else { "officer" };
        c.batch_execute(&format!("BEGIN; UPDATE account SET {change} WHERE username = '{username}'")).unwrap();
        let commit = async {
            for _ in 0..1000 {
                let waiting = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
                if diesel::sql_query(waiting).execute(&mut watch).unwrap() > 0 {
                    break;
                }
                tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            }
            c.batch_execute("COMMIT").unwrap();
        };
        let (answer, ()) = futures_util::future::join(password(&app, username, "demo-demo").into_future(), commit).await;
        denied(&answer, "invalid_grant", code);
    }
}
