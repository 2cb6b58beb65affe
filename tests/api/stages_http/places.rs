//! Petitions brought to every place of the procedure from which something can be tried.

use crate::harness::{TestApp, accusation, claim, suggestion};
use serde_json::json;

/// A petition somewhere in the procedure.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Place {
    pub stage: &'static str,
    pub kind: char,
    /// What is particular: `anonymous`, `own` competence, `assisted` by 财务科, by a `proxy`, `heard`, `mediated`, somebody `recused`, a
    /// leader `charged`, `clustered` in a policy issue, `supervised`, closed `on_the_spot` or `withdrawn`, more time `asked` for or given (`extended`).
    pub how: &'static str,
}

/// The unit a petition of this kind is referred to; accusations here are of 养老保险科.
pub fn lead(place: Place) -> &'static str {
    if place.kind == 'A' { "discipline" } else { "medical" }
}

pub fn places() -> Vec<Place> {
    let mut places = Vec::new();
    for kind in ['C', 'S', 'A'] {
        for stage in ["Rg", "Rf", "Ha", "De", "Dl", "Cl"] {
            if (stage, kind) != ("Dl", 'A') {
                places.push(Place { stage, kind, how: "" });
            }
        }
    }
    places.push(Place { stage: "Ur", kind: 'C', how: "" });
    places.push(Place { stage: "De", kind: 'C', how: "anonymous" });
    places.push(Place { stage: "Rf", kind: 'C', how: "objected" });
    places.push(Place { stage: "De", kind: 'C', how: "assigned" });
    places.push(Place { stage: "Ha", kind: 'C', how: "own" });
    places.push(Place { stage: "Ha", kind: 'C', how: "asked" });
    places.push(Place { stage: "Ha", kind: 'C', how: "extended" });
    places.push(Place { stage: "Ha", kind: 'C', how: "assisted" });
    places.push(Place { stage: "Ha", kind: 'C', how: "heard" });
    places.push(Place { stage: "Ha", kind: 'C', how: "mediated" });
    places.push(Place { stage: "Rf", kind: 'C', how: "recused" });
    places.push(Place { stage: "Rf", kind: 'C', how: "charged" });
    places.push(Place { stage: "Rf", kind: 'C', how: "clustered" });
    places.push(Place { stage: "De", kind: 'C', how: "asked" });
    places.push(Place { stage: "Ha", kind: 'C', how: "supervised" });
    places.push(Place { stage: "Cl", kind: 'C', how: "supervised" });
    places.push(Place { stage: "Rg", kind: 'C', how: "proxy" });
    places.push(Place { stage: "Ha", kind: 'S', how: "proxy" });
    places.push(Place { stage: "Dl", kind: 'C', how: "own" });
    places.push(Place { stage: "Cl", kind: 'C', how: "on_the_spot" });
    places.push(Place { stage: "Cl", kind: 'S', how: "withdrawn" });
    places
}

/// A fresh petition in a place.
pub async fn bring(app: &TestApp, place: Place) -> String {
    let mut petition = match place.kind {
        'C' => claim(),
        'S' => suggestion(),
        _ => {
            let mut petition = accusation(app.office().unit("pension"));
            petition["subject"]["name"] = json!("养老保险科");
            petition
        }
    };
    if place.how == "anonymous" {
        petition["anonymous"] = json!(true);
        petition["parties"] = json!([]);
    }
    if place.how == "proxy" {
        let proxy = json!({"role": "proxy", "name": "褚小梅", "relation": "女儿", "authority": "授权委托书"});
        petition["parties"].as_array_mut().unwrap().push(proxy);
    }
    let id = app.register(petition).await.id();
    if ["on_the_spot", "withdrawn"].contains(&place.how) {
        let reason = if place.how == "withdrawn" { "withdrawn" } else { "answered_on_the_spot" };
        app.close(&id, reason).await;
        return id;
    }
    let steps = ["Rg", "Rf", "Ha", "De", "Dl", "Cl", "Ur"].iter().position(|s| *s == place.stage).unwrap();
    if steps >= 1 && place.how != "own" {
        match place.how {
            "assigned" => app.assign(&id, lead(place)).await,
            _ => app.refer(&id, lead(place)).await,
        };
    }
    if place.how == "recused" {
        app.recuse(&id, "housing_head").await;
    }
    if place.how == "charged" {
        app.take_charge(&id).await;
    }
    if place.how == "clustered" {
        app.join_policy_issue(&id).await;
    }
    if place.how == "objected" {
        app.object(&id).await;
    }
    if steps >= 2 {
        app.accept(&id).await;
    }
    if ["asked", "extended"].contains(&place.how) {
        app.ask_extension(&id, 10).await;
    }
    if place.how == "extended" {
        app.decide_extension(&id, true).await;
    }
    if place.how == "assisted" {
        let due_on = app.now().date_naive() + chrono::Days::new(10);
        app.ask_assistance(&id, "finance", &due_on.to_string()).await;
    }
    if place.how == "heard" {
        app.open_hearing(&id).await;
    }
    if place.how == "mediated" {
        app.mediate(&id).await;
    }
    if steps >= 3 {
        app.opinion(&id).await;
    }
    if steps >= 4 {
        app.deliver(&id).await;
    }
    if place.stage == "Ur" {
        app.contest(&id).await;
    } else if steps >= 5 && place.kind != 'A' {
        app.close(&id, "final").await;
    }
    if place.how == "supervised" {
        app.supervise(&id).await;
    }
    id
}
