//! The paths of the document with their methods, to tell an unknown path (404) from an unsupported method (405).

use std::collections::HashMap;
use utoipa::openapi::OpenApi;
use utoipa::openapi::path::PathItem;

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
}

impl KnownPaths {
    /// The paths and methods of a document.
    pub fn from_openapi(doc: &OpenApi) -> Self {
        let mut by_length: HashMap<usize, Vec<Known>> = HashMap::new();
        for (template, item) in &doc.paths.paths {
            let known = Known { template: template.clone(), methods: methods(item) };
            by_length.entry(template.split('/').count()).or_default().push(known);
        }
        Self { by_length }
    }

    /// The methods for a path, HEAD where there is GET; `None` for an unknown path. Templates that overlap add up.
    pub fn allowed(&self, path: &str) -> Option<Vec<&'static str>> {
        let mut found: Vec<&'static str> = self.matching(path).flat_map(|known| known.methods.iter().copied()).collect();
        found.sort_unstable();
        found.dedup();
        (!found.is_empty()).then_some(found)
    }

    /// The template for a path, literal segments before parameters.
    pub fn template(&self, path: &str) -> Option<&str> {
        self.matching(path).map(|known| known.template.as_str()).min_by_key(|template| template.matches('{').count())
    }

    fn matching<'k>(&'k self, path: &str) -> impl Iterator<Item = &'k Known> {
        let candidates = self.by_length.get(&path.split('/').count());
        candidates.into_iter().flatten().filter(move |known| matches(&known.template, path))
    }
}

fn matches(template: &str, path: &str) -> bool {
    template
        .split('/')
        .zip(path.split('/'))
        .all(|(wanted, given)| if wanted.starts_with('{') && wanted.ends_with('}') { !given.is_empty() } else { wanted == given })
}

fn methods(item: &PathItem) -> Vec<&'static str> {
    let table = [
        ("GET", item.get.is_some()),
        ("HEAD", item.get.is_some() || item.head.is_some()),
        ("PUT", item.put.is_some()),
        ("POST", item.post.is_some()),
        ("PATCH", item.patch.is_some()),
        ("DELETE", item.delete.is_some()),
        ("OPTIONS", item.options.is_some()),
    ];
    table.into_iter().filter_map(|(method, present)| present.then_some(method)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use utoipa::openapi::path::{HttpMethod, OperationBuilder, PathItem, PathsBuilder};

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
            ("/things/batch", Some("GET,HEAD,PATCH,POST"), Some("/things/batch")),
            ("/things/", None, None),
            ("/things/7/x", None, None),
            ("/", None, None),
            ("", None, None),
        ] {
            assert_eq!(known.allowed(path).map(|a| a.join(",")).as_deref(), allowed, "{path}");
            assert_eq!(known.template(path), template, "{path}");
        }
    }
}
