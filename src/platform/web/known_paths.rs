//! The paths of the document with their methods, to tell an unknown path (404) from an unsupported method (405).

use std::collections::HashMap;
use utoipa::openapi::path::{Parameter, ParameterIn, PathItem};
use utoipa::openapi::{OpenApi, RefOr};

/// App data: every path template of the document.
#[derive(Debug, Default)]
pub struct KnownPaths {
    /// By number of segments, since `{param}` matches exactly one.
    by_length: HashMap<usize, Vec<Known>>,
}

#[derive(Debug)]
struct Known {
    template: String,
    methods: Vec<&'static str>,
    /// Those of them that take query parameters.
    asking: Vec<&'static str>,
}

impl KnownPaths {
    /// The paths and methods of a document.
    pub fn from_openapi(doc: &OpenApi) -> Self {
        let mut by_length: HashMap<usize, Vec<Known>> = HashMap::new();
        for (template, item) in &doc.paths.paths {
            let (methods, asking) = methods(item);
            let known = Known { template: template.clone(), methods, asking };
            by_length.entry(template.split('/').count()).or_default().push(known);
        }
        Self { by_length }
    }

    /// The methods for a path, HEAD where there is GET; `None` for an unknown path.
    pub fn allowed(&self, path: &str) -> Option<&[&'static str]> {
        self.known(path).map(|known| &known.methods[..]).filter(|methods| !methods.is_empty())
    }

    /// The template for a path, literal segments before parameters.
    pub fn template(&self, path: &str) -> Option<&str> {
        self.known(path).map(|known| known.template.as_str())
    }

    /// Whether the document declares any query parameter for a method on a path; what it does not know is not judged.
    pub fn takes_query(&self, path: &str, method: &str) -> bool {
        self.known(path).is_none_or(|known| known.asking.contains(&method) || !known.methods.contains(&method))
    }

    fn known(&self, path: &str) -> Option<&Known> {
        let candidates = self.by_length.get(&path.split('/').count());
        let matching = candidates.into_iter().flatten().filter(|known| matches(&known.template, path));
        matching.min_by_key(|known| known.template.matches('{').count())
    }
}

fn matches(template: &str, path: &str) -> bool {
    template
        .split('/')
        .zip(path.split('/'))
        .all(|(wanted, given)| if wanted.starts_with('{') && wanted.ends_with('}') { !given.is_empty() } else { wanted == given })
}

/// The methods of a path, and those with query parameters.
fn methods(item: &PathItem) -> (Vec<&'static str>, Vec<&'static str>) {
    let table = [
        ("DELETE", &item.delete),
        ("GET", &item.get),
        ("HEAD", if item.head.is_some() { &item.head } else { &item.get }),
        ("OPTIONS", &item.options),
        ("PATCH", &item.patch),
        ("POST", &item.post),
        ("PUT", &item.put),
    ];
    let present = || table.iter().filter_map(|(method, operation)| Some((*method, operation.as_ref()?)));
    let asks = |parameters: &Option<Vec<RefOr<Parameter>>>| {
        // one that is kept elsewhere in the document is believed to be of the query
        parameters.iter().flatten().any(|p| !matches!(p, RefOr::T(p) if p.parameter_in != ParameterIn::Query))
    };
    let asking = present().filter(|(_, operation)| asks(&item.parameters) || asks(&operation.parameters));
    (present().map(|(method, _)| method).collect(), asking.map(|(method, _)| method).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use utoipa::openapi::path::{HttpMethod, OperationBuilder, ParameterBuilder, PathsBuilder};

    #[test]
    fn templates_match_segment_by_segment() {
        let item = |method| PathItem::new(method, OperationBuilder::new());
        let paths = PathsBuilder::new()
            .path("/things", item(HttpMethod::Get))
            .path("/things/batch", item(HttpMethod::Post))
            .path("/things/{id}", item(HttpMethod::Patch))
            .path("/things/{id}", item(HttpMethod::Get))
            .build();
        let mut doc = OpenApi::default();
        doc.paths = paths;
        let known = KnownPaths::from_openapi(&doc);
        for (path, allowed, template) in [
            ("/things", Some("GET,HEAD"), Some("/things")),
            ("/things/7", Some("GET,HEAD,PATCH"), Some("/things/{id}")),
            ("/things/batch", Some("POST"), Some("/things/batch")),
            ("/things/", None, None),
            ("/things/7/x", None, None),
            ("/", None, None),
            ("", None, None),
        ] {
            assert_eq!(known.allowed(path).map(|a| a.join(",")).as_deref(), allowed, "{path}");
            assert_eq!(known.template(path), template, "{path}");
        }
    }

    #[test]
    fn operations_say_whether_they_take_a_query() {
        let limit = ParameterBuilder::new().name("limit").parameter_in(ParameterIn::Query);
        let id = ParameterBuilder::new().name("id").parameter_in(ParameterIn::Path);
        let mut doc = OpenApi::default();
        doc.paths = PathsBuilder::new()
            .path("/things", PathItem::new(HttpMethod::Get, OperationBuilder::new().parameter(limit)))
            .path("/things", PathItem::new(HttpMethod::Post, OperationBuilder::new()))
            .path("/things/{id}", PathItem::new(HttpMethod::Get, OperationBuilder::new().parameter(id)))
            .build();
        let known = KnownPaths::from_openapi(&doc);
        for (method, path, takes) in [
            ("GET", "/things", true),
            ("HEAD", "/things", true),
            ("POST", "/things", false),
            ("GET", "/things/7", false),
            ("GET", "/elsewhere", true),
        ] {
            assert_eq!(known.takes_query(path, method), takes, "{method} {path}");
        }
    }
}
