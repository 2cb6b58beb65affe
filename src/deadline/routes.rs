//! Mounts what is served of deadlines by themselves; the clocks of a petition are the petition's.

use super::{calculator, profiles};
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the operations.
pub fn configure(cfg: &mut ServiceConfig) {
    profiles::routes::configure(cfg);
    calculator::routes::configure(cfg);
}
