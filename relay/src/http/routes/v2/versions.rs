//! The paths of a model that name its version too.

use utoipa::openapi::path::{ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{OpenApi as Api, Required};

/// Completes the descriptions of paths with a version: they have one more parameter, and their own ids.
pub(super) fn describe(api: &mut Api) {
    for (_, item) in api.paths.paths.iter_mut().filter(|(path, _)| path.contains("{version}")) {
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
    }
}
