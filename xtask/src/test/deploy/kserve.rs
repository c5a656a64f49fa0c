//! The pod that KServe makes from a ServingRuntime. kubernetes-validate has a schema for pods, but none for KServe's
//! types.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::steps;

/// The runtime's containers and volumes, with the InferenceService's additions to the pod.
const AS_POD: &str = "
import json, sys, yaml
runtime, service = yaml.safe_load_all(open(sys.argv[1]))
predictor = service['spec']['predictor']
assert predictor['model']['runtime'] == runtime['metadata']['name']
assert predictor['model']['protocolVersion'] in runtime['spec']['protocolVersions']
spec = {key: runtime['spec'][key] for key in ('containers', 'volumes')}
for key in ('automountServiceAccountToken', 'enableServiceLinks', 'terminationGracePeriodSeconds'):
    spec[key] = predictor[key]
pod = {'apiVersion': 'v1', 'kind': 'Pod', 'metadata': {'name': service['metadata']['name']}, 'spec': spec}
json.dump(pod, open(sys.argv[2], 'w'))
";

/// Writes the pod of a file with a ServingRuntime and an InferenceService.
///
/// # Errors
/// The file has other content.
pub(super) fn write_pod(python: &Path, manifest: &Path, pod: &Path) -> Result<()> {
    steps::run(Command::new(python).args(["-c", AS_POD]).arg(manifest).arg(pod))
}
