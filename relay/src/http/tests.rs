//! Tests of the relay's layers on a real socket, around routes that fail.

use super::*;
use crate::cli::ServeArgs;
use crate::model::{self, Model};
use crate::problem::Problem;
use axum::body::Body;
use axum::extract::State;
use axum::routing::get;
use reqwest::Response;
use serde_json::Value;
use std::net::{SocketAddr, TcpListener};

fn settings() -> Settings {
    Settings::load(&ServeArgs::default()).unwrap()
}

/// The built-in model.
fn predictor() -> Current {
    Current::new(Model::new(&model::embedded().unwrap(), Vec::new()).unwrap().bare().clone())
}

/// Serves the router and returns its address.
fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    tokio::spawn(async { axum::serve(listener, service).await });
    format!("http://{address}")
}

async fn ask(url: String) -> Response {
    // The client needs a TLS provider although the connection is plain.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().unwrap().get(url).send().await.unwrap()
}

#[tokio::test]
async fn a_panic_fails_only_its_own_request() {
    async fn in_the_handler() {
        panic!("on purpose");
    }
    async fn in_a_job(State(app): State<Arc<App>>) -> Result<(), Problem> {
        let (_, account) = app.memory.charge(Body::empty());
        app.run(account, 1, app.deadline(), |_| panic!("on purpose")).await
    }
    let routes = Router::new()
        .route("/", get(|| async { "hello" }))
        .route("/handler", get(in_the_handler))
        .route("/job", get(in_a_job));
    let (health, metrics) = (Health::default(), Metrics::new().unwrap());
    let app = App::new(predictor(), &settings(), health.clone(), metrics.clone(), None).unwrap();
    let url = serve(layers::around(routes, &settings(), &health, &metrics).with_state(Arc::new(app)));
    for (number, (path, kind)) in [("/handler", "internal"), ("/job", "prediction-failed")].into_iter().enumerate() {
        let answer = ask(format!("{url}{path}")).await;
        assert_eq!(answer.status(), 500);
        assert!(answer.headers().contains_key("x-request-id"));
        let problem: Value = answer.json().await.unwrap();
        assert_eq!(problem["type"], format!("urn:mango-scout:problem:{kind}"));
        assert!(!problem.to_string().contains("on purpose"), "{problem}");
        assert_eq!(ask(format!("{url}/")).await.text().await.unwrap(), "hello");
        assert_eq!(metrics.panics.get(), number as u64 + 1);
    }
    let text = metrics.text();
    assert!(text.contains("mango_relay_requests_total{route=\"/handler\",status=\"500\"} 1"), "{text}");
}

#[tokio::test]
async fn the_relay_is_ready_only_between_self_test_and_shutdown() {
    let health = Health::default();
    let device_model = DeviceModel::load(None).unwrap();
    let service = service(predictor(), device_model, &settings(), &health, &Metrics::new().unwrap(), None);
    let url = serve(service.unwrap());
    let ready = || async {
        let answer = ask(format!("{url}/readyz")).await;
        let closes = answer.headers().get("connection").is_some_and(|value| value == "close");
        (answer.status().as_u16(), answer.text().await.unwrap(), closes)
    };
    assert_eq!(ready().await, (503, "starting".to_owned(), false));
    health.pass();
    assert_eq!(ready().await, (200, "ready".to_owned(), false));
    health.drain();
    assert_eq!(ready().await, (503, "draining".to_owned(), true));
    assert_eq!(ask(format!("{url}/livez")).await.status(), 200);
}
