//! The paths of a model that name its version too.

use axum::routing::MethodRouter;
use utoipa::openapi::Required;
use utoipa::openapi::path::{ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa_axum::router::OpenApiRouter;

const MODEL: &str = "/v2/models/{model}";
const VERSION: &str = "/v2/models/{model}/versions/{version}";

/// Adds the endpoints with these suffixes under each version: the same handler, and the same description with one more
/// parameter.
pub(super) fn also_by_version<S, const N: usize>(
    mut router: OpenApiRouter<S>,
    endpoints: [(&str, MethodRouter<S>); N],
) -> OpenApiRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    for (suffix, handler) in endpoints {
        let path = format!("{VERSION}{suffix}");
        let paths = &mut router.get_openapi_mut().paths.paths;
        if let Some(mut item) = paths.get(&format!("{MODEL}{suffix}")).cloned() {
            for operation in item.get.iter_mut().chain(&mut item.post) {
                operation.operation_id = operation.operation_id.take().map(|id| id + "_of_version");
                let version = ParameterBuilder::new()
                    .name("version")
                    .parameter_in(ParameterIn::Path)
                    .required(Required::True)
                    .description(Some("its version"))
                    .schema(Some(ObjectBuilder::new().schema_type(Type::String)));
                // After the model's name.
                operation.parameters.get_or_insert_default().insert(1, version.build());
            }
            paths.insert(path.clone(), item);
        }
        router = router.route(&path, handler);
    }
    router
}
