//! Tests of `mango-relay probe`.

use std::net::{SocketAddr, TcpListener};
use std::time::{Duration, Instant};

use crate::common::{Relay, TestModel, program};
use crate::galleries::fixtures::Run;
use mango_relay_harness::Home;

fn output(arguments: &[&str], listen: Option<SocketAddr>) -> Run {
    let home = Home::new().unwrap();
    let mut command = program();
    home.set(&mut command);
    command.arg("probe").args(arguments).env_remove("MANGO_RELAY_LISTEN");
    let done = command.envs(listen.map(|address| ("MANGO_RELAY_LISTEN", address.to_string()))).output().unwrap();
    Run {
        code: done.status.code().unwrap(),
        stdout: String::from_utf8(done.stdout).unwrap(),
        stderr: String::from_utf8(done.stderr).unwrap(),
    }
}

#[tokio::test]
async fn the_exit_code_follows_the_status() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    let url = |path: &str| format!("https://{}{path}", relay.address);
    for (path, code, status, hint) in [("/", 0, "200 OK\n", ""), ("/nothing", 1, "404 Not Found\n", "/readyz")] {
        let Run { code: exit, stdout, stderr } = output(&[&url(path)], None);
        assert_eq!((exit, stdout.as_str(), stderr.is_empty()), (code, status, hint.is_empty()), "{path}");
        assert!(stderr.contains(hint), "{stderr}");
    }
    let port = relay.address.port();
    let alive = relay.client().get(relay.url("/livez")).send().await.unwrap().status();
    for (arguments, listen) in [
        (vec![], Some(SocketAddr::from(([0, 0, 0, 0], port)))),
        (vec!["--listen".to_owned(), relay.address.to_string()], None),
    ] {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let Run { code, stdout, stderr } = output(&arguments, listen);
        let expected = (i32::from(!alive.is_success()), format!("{alive}\n"));
        assert_eq!(((code, stdout), stderr.as_str()), (expected, ""), "{arguments:?}");
    }
}

#[test]
fn no_response_is_unhealthy() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap();
    let start = Instant::now();
    let Run { code, stdout, stderr } = output(&[&format!("https://{address}/")], None);
    assert_eq!((code, stdout.as_str()), (1, ""));
    assert!(stderr.contains(&format!("https://{address}/: no answer within 4s")), "{stderr}");
    assert!(start.elapsed() < Duration::from_secs(8));

    drop(silent);
    let Run { code, stdout, stderr } = output(&[], Some(address));
    assert_eq!((code, stdout.as_str()), (1, ""));
    assert!(stderr.contains(&format!("https://{address}/livez: no answer")), "{stderr}");
    assert!(stderr.contains("start the relay"), "{stderr}");
}

#[test]
fn each_failure_has_a_hint() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    let metrics = relay.metrics_url().unwrap().replace("http://", "https://");
    for (url, hint) in [(metrics.as_str(), "give the address of --listen"), ("https://relay.invalid/", "DNS")] {
        let Run { code, stdout, stderr } = output(&[url], None);
        assert_eq!((code, stdout.as_str()), (1, ""), "{stderr}");
        assert!(stderr.contains(url) && stderr.contains(hint) && stderr.lines().count() == 1, "{stderr}");
    }
}
