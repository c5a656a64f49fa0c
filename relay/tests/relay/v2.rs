//! The Open Inference Protocol: real program, real TLS. `tritonclient` tests it in a step of `cargo xtask test`.

use std::io::{BufReader, Write};

use crate::common::{Relay, TestModel, encode, jpeg, next_answer, picture};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use image::{ImageFormat, RgbImage};
use mango_inference::{Photo, Prediction, Predictor};
use mango_relay_harness::Home;
use reqwest::header::{ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE};
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};

const HEADER_LENGTH: &str = "Inference-Header-Content-Length";
const INFER: &str = "/v2/models/test-random/infer";

/// Checks that a response is an error in the protocol's format, and returns the message.
async fn failure(answer: Response, status: u16) -> String {
    let headers = answer.headers().clone();
    let code = answer.status();
    let text = answer.text().await.unwrap();
    assert_eq!((code.as_u16(), &headers[CONTENT_TYPE]), (status, &"application/json".parse().unwrap()), "{text}");
    let json: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json.as_object().unwrap().len(), 1, "{json}");
    let error = json["error"].as_str().unwrap().to_owned();
    assert!(!error.is_empty() && error.len() < 400 && !error.contains(".rs"), "{error}");
    error
}

async fn get(relay: &Relay, client: &Client, path: &str) -> Response {
    client.get(relay.url(path)).send().await.unwrap()
}

async fn get_json(relay: &Relay, client: &Client, path: &str) -> Value {
    let answer = get(relay, client, path).await;
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    assert_eq!(answer.headers()[CONTENT_TYPE], "application/json");
    assert_eq!(answer.headers()[CACHE_CONTROL], "no-store");
    answer.json().await.unwrap()
}

async fn infer(relay: &Relay, client: &Client, request: &Value) -> Response {
    client.post(relay.url(INFER)).json(request).send().await.unwrap()
}

/// Sends JSON followed by binary data.
async fn infer_binary(relay: &Relay, client: &Client, request: &Value, data: &[u8]) -> Response {
    let json = request.to_string();
    let request = client.post(relay.url(INFER)).header(HEADER_LENGTH, json.len());
    request.body([json.as_bytes(), data].concat()).send().await.unwrap()
}

fn input(name: &str, datatype: &str, shape: Value, data: Value) -> Value {
    let mut tensor = json!({ "name": name, "datatype": datatype });
    (tensor["shape"], tensor["data"]) = (shape, data);
    json!({ "inputs": [tensor] })
}

fn binary_input(name: &str, datatype: &str, shape: Value, size: usize) -> Value {
    let mut tensor = json!({ "name": name, "datatype": datatype, "parameters": { "binary_data_size": size } });
    tensor["shape"] = shape;
    json!({ "inputs": [tensor] })
}

/// Elements of a BYTES tensor in the binary extension's format.
fn elements(files: &[Vec<u8>]) -> Vec<u8> {
    files.iter().flat_map(|file| [&(file.len() as u32).to_le_bytes()[..], file].concat()).collect()
}

fn output<'a>(answer: &'a Value, name: &str) -> &'a Value {
    let outputs = answer["outputs"].as_array().unwrap();
    outputs.iter().find(|output| output["name"] == name).unwrap_or_else(|| panic!("no {name} in {answer}"))
}

fn texts(output: &Value) -> Vec<String> {
    assert_eq!(output["datatype"], "BYTES");
    serde_json::from_value(output["data"].clone()).unwrap()
}

/// Compares a JSON response with the predictor's own results.
fn agrees(answer: &Value, predictor: &Predictor, expected: &[Prediction]) {
    let classes = predictor.classes();
    let model = &predictor.manifest().model;
    assert_eq!((&answer["model_name"], &answer["model_version"]), (&json!(model.name), &json!(model.version)));
    assert_eq!(texts(output(answer, "classes")), classes.iter().map(ToString::to_string).collect::<Vec<_>>());
    let best: Vec<String> = expected.iter().map(|one| one.classes[0].id.to_string()).collect();
    assert_eq!(texts(output(answer, "class")), best);
    let verdicts: Vec<Value> = expected.iter().map(|one| json!(one.verdict)).collect();
    assert_eq!(output(answer, "verdict")["data"], json!(verdicts));
    let probabilities = output(answer, "probabilities");
    assert_eq!(probabilities["datatype"], "FP32");
    assert_eq!(probabilities["shape"], json!([expected.len(), classes.len()]));
    let found: Vec<f32> = serde_json::from_value(probabilities["data"].clone()).unwrap();
    let of = |one: &Prediction, id: &_| one.classes.iter().find(|class| class.id == *id).unwrap().probability;
    let stated: Vec<f32> = expected.iter().flat_map(|one| classes.iter().map(|id| of(one, id))).collect();
    assert_eq!(found, stated);
    for name in ["class", "verdict"] {
        assert_eq!(output(answer, name)["shape"], json!([expected.len()]));
    }
}

#[tokio::test]
async fn metadata_of_server_and_model_are_complete() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    for client in [relay.client(), relay.client_builder().http1_only().build().unwrap()] {
        let server = get_json(&relay, &client, "/v2").await;
        assert_eq!((&server["name"], &server["extensions"]), (&json!("mango-relay"), &json!(["binary_tensor_data"])));
        assert_eq!(get_json(&relay, &client, "/v2/health/live").await, json!({ "live": true }));
        assert_eq!(get_json(&relay, &client, "/v2/health/ready").await, json!({ "ready": true }));
        for path in ["/v2/models/test-random", "/v2/models/test%2Drandom/versions/0.0.1"] {
            let ready = get_json(&relay, &client, &format!("{path}/ready")).await;
            assert_eq!(ready, json!({ "name": "test-random", "ready": true }));
            let metadata = get_json(&relay, &client, path).await;
            assert_eq!((&metadata["name"], &metadata["versions"]), (&json!("test-random"), &json!(["0.0.1"])));
            let inputs = json!([
                { "name": "pixels", "datatype": "UINT8", "shape": [-1, -1, -1, 3] },
                { "name": "photo", "datatype": "BYTES", "shape": [-1] },
            ]);
            assert_eq!(metadata["inputs"], inputs);
            // This model has no out-of-domain score.
            let outputs = json!([
                { "name": "probabilities", "datatype": "FP32", "shape": [-1, 8] },
                { "name": "classes", "datatype": "BYTES", "shape": [8] },
                { "name": "class", "datatype": "BYTES", "shape": [-1] },
                { "name": "verdict", "datatype": "BYTES", "shape": [-1] },
            ]);
            assert_eq!(metadata["outputs"], outputs);
        }
    }
}

#[tokio::test]
async fn errors_have_the_protocols_format() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    let client = relay.client();
    for path in
        ["/other", "/other/ready", "/test-random/versions/9", "/test-random/versions/9/ready", "/%FF", "/%FF/ready"]
    {
        let error = failure(get(&relay, &client, &format!("/v2/models{path}")).await, 404).await;
        assert!(error.contains("test-random") && error.contains("0.0.1"), "{error}");
    }
    let request = input("photo", "BYTES", json!([1]), json!([STANDARD.encode(jpeg(1))]));
    let other = client.post(relay.url("/v2/models/test-random/versions/0.0.2/infer")).json(&request);
    failure(other.send().await.unwrap(), 404).await;
    for path in ["/v2/", "/v2/models", "/v2/repository/index", "/v2/models/test-random/config", "/v2/models/a%2Fb/c/d"]
    {
        failure(get(&relay, &client, path).await, 404).await;
    }
    let wrong_method = get(&relay, &client, INFER).await;
    assert_eq!(wrong_method.headers()[ALLOW], "POST");
    failure(wrong_method, 405).await;
    // Other paths keep the format of problem details.
    assert_eq!(get(&relay, &client, "/v2x").await.headers()[CONTENT_TYPE], "application/problem+json");
}

#[tokio::test]
async fn pixels_and_files_give_the_same_predictions_in_json() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    let client = relay.client();
    let predictor = model.predictor();
    let pictures = [picture(1), picture(44)];
    let photos = pictures.clone().map(Photo::from_pixels);
    let expected = photos.map(|photo| predictor.predict(&photo).unwrap());

    let flat: Vec<u8> = pictures.iter().flat_map(|picture| picture.as_raw().clone()).collect();
    let nested: Vec<Vec<Vec<[u8; 3]>>> =
        pictures.iter().map(|picture| picture.rows().map(|row| row.map(|pixel| pixel.0).collect()).collect()).collect();
    for data in [json!(flat), json!(nested)] {
        let answer = infer(&relay, &client, &input("pixels", "UINT8", json!([2, 64, 96, 3]), data)).await;
        assert_eq!(answer.headers()[CONTENT_TYPE], "application/json");
        assert!(!answer.headers().contains_key(HEADER_LENGTH));
        let answer: Value = answer.json().await.unwrap();
        agrees(&answer, &predictor, &expected);
        assert!(answer.get("id").is_none(), "{answer}");
    }
    let files: Vec<String> =
        pictures.iter().map(|picture| STANDARD.encode(encode(picture, ImageFormat::Png))).collect();
    let mut request = input("photo", "BYTES", json!([2]), json!(files));
    request["id"] = json!("三号 42");
    request["parameters"] = json!({ "timeout": 5, "unknown": { "to": ["us"] } });
    let answer: Value = infer(&relay, &client, &request).await.json().await.unwrap();
    agrees(&answer, &predictor, &expected);
    assert_eq!(answer["id"], "三号 42");
}

/// MLServer's codecs send columns, MIME encoders add line breaks, browsers use data URLs.
#[tokio::test]
async fn files_in_json_are_read_in_every_common_encoding() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    let client = relay.client();
    let predictor = model.predictor();
    let files = [1, 44].map(jpeg);
    let expected = files.clone().map(|file| predictor.predict(&Photo::decode(&file).unwrap()).unwrap());
    let plain = files.clone().map(|file| STANDARD.encode(file));
    let wrapped = plain.clone().map(|text| {
        let lines = text.as_bytes().chunks(76).map(|line| format!("{}\n", std::str::from_utf8(line).unwrap()));
        lines.collect::<String>()
    });
    let url_safe = plain.clone().map(|text| text.replace('+', "-").replace('/', "_").trim_end_matches('=').to_owned());
    let data_url = plain.clone().map(|text| format!("data:image/jpeg;base64,{text}"));
    for texts in [plain, wrapped, url_safe, data_url] {
        let column: Vec<[&String; 1]> = texts.iter().map(|text| [text]).collect();
        for (shape, data) in [(json!([2]), json!(texts)), (json!([2, 1]), json!(texts)), (json!([2, 1]), json!(column))]
        {
            let answer: Value =
                infer(&relay, &client, &input("photo", "BYTES", shape, data)).await.json().await.unwrap();
            agrees(&answer, &predictor, &expected);
        }
    }
    let data = elements(&files);
    let request = binary_input("photo", "BYTES", json!([2, 1]), data.len());
    let answer: Value = infer_binary(&relay, &client, &request, &data).await.json().await.unwrap();
    agrees(&answer, &predictor, &expected);
}

/// Parses a response with binary data into JSON, with the data where JSON would have them.
async fn read_binary(answer: Response) -> Value {
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()[CONTENT_TYPE], "application/octet-stream");
    let length: usize = answer.headers()[HEADER_LENGTH].to_str().unwrap().parse().unwrap();
    let body = answer.bytes().await.unwrap();
    let (json, mut data) = body.split_at(length);
    let mut json: Value = serde_json::from_slice(json).unwrap();
    for output in json["outputs"].as_array_mut().unwrap() {
        let Some(size) = output["parameters"]["binary_data_size"].as_u64() else { continue };
        assert!(output.get("data").is_none(), "{output}");
        let (mut own, rest) = data.split_at(size as usize);
        data = rest;
        output["data"] = if output["datatype"] == "FP32" {
            own.chunks(4).map(|bytes| f32::from_le_bytes(bytes.try_into().unwrap())).collect::<Vec<_>>().into()
        } else {
            let mut texts = Vec::new();
            while let Some((length, rest)) = own.split_first_chunk() {
                let (text, rest) = rest.split_at(u32::from_le_bytes(*length) as usize);
                texts.push(std::str::from_utf8(text).unwrap());
                own = rest;
            }
            json!(texts)
        };
    }
    assert!(data.is_empty());
    json
}

#[tokio::test]
async fn binary_data_work_in_requests_and_responses() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    let predictor = model.predictor();
    let files = [1, 2, 9, 17, 30, 44].map(jpeg);
    let expected: Vec<Prediction> =
        files.iter().map(|file| predictor.predict(&Photo::decode(file).unwrap()).unwrap()).collect();
    let data = elements(&files);
    for client in [relay.client(), relay.client_builder().http1_only().build().unwrap()] {
        let mut request = binary_input("photo", "BYTES", json!([6]), data.len());
        let plain: Value = infer_binary(&relay, &client, &request, &data).await.json().await.unwrap();
        agrees(&plain, &predictor, &expected);
        request["parameters"] = json!({ "binary_data_output": true });
        let answer = read_binary(infer_binary(&relay, &client, &request, &data).await).await;
        agrees(&answer, &predictor, &expected);

        // The parameter of an output overrides the parameter of the request. Outputs keep the requested order.
        request["outputs"] = json!([
            { "name": "verdict", "parameters": { "binary_data": false } },
            { "name": "probabilities" },
            { "name": "class", "parameters": { "binary_data": true } },
        ]);
        let some = read_binary(infer_binary(&relay, &client, &request, &data).await).await;
        let names: Vec<&Value> = some["outputs"].as_array().unwrap().iter().map(|output| &output["name"]).collect();
        assert_eq!(names, ["verdict", "probabilities", "class"]);
        assert!(output(&some, "verdict").get("parameters").is_none());
        for name in ["verdict", "probabilities", "class"] {
            assert_eq!(output(&some, name)["data"], output(&answer, name)["data"]);
        }
    }
    // The whole body is binary, with the pixels of two photos.
    let (one, other) = (picture(3), picture(5));
    let data = [one.as_raw().as_slice(), other.as_raw()].concat();
    let request = binary_input("pixels", "UINT8", json!([2, 64, 96, 3]), data.len());
    let answer: Value = infer_binary(&relay, &relay.client(), &request, &data).await.json().await.unwrap();
    let expected = [one, other].map(|picture| predictor.predict(&Photo::from_pixels(picture)).unwrap());
    agrees(&answer, &predictor, &expected);
}

#[tokio::test]
async fn the_smallest_and_the_narrowest_pictures_are_accepted() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    let client = relay.client();
    for (height, width) in [(1, 1), (1, 5000), (5000, 1)] {
        let data = vec![90; height * width * 3];
        let request = binary_input("pixels", "UINT8", json!([1, height, width, 3]), data.len());
        let answer = infer_binary(&relay, &client, &request, &data).await;
        assert_eq!(answer.status(), StatusCode::OK, "{height} x {width}: {:?}", answer.text().await);
    }
}

#[tokio::test]
async fn malformed_requests_get_a_precise_error() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    let client = relay.client();
    let pixels = |shape: Value, data: Value| input("pixels", "UINT8", shape, data);
    let zeroes = json!(vec![0; 12]);
    let huge = u64::MAX;
    let two = json!({ "inputs": [pixels(json!([1, 2, 2, 3]), zeroes.clone())["inputs"][0], { "name": "photo", "datatype": "BYTES", "shape": [1], "data": [""] }] });
    let with_outputs = |outputs: Value| {
        let mut request = pixels(json!([1, 2, 2, 3]), zeroes.clone());
        request["outputs"] = outputs;
        request
    };
    let cases: Vec<(Value, u16, &str)> = vec![
        (json!(7), 400, "expected struct"),
        (json!({}), 400, "inputs"),
        (json!({ "inputs": [] }), 400, "one input"),
        (two, 400, "one input"),
        (json!({ "inputs": [{}] }), 400, "name"),
        (json!({ "inputs": vec![json!({ "name": "x", "datatype": "x", "shape": [] }); 3] }), 400, "at most 2"),
        (input("image", "UINT8", json!([1, 2, 2, 3]), zeroes.clone()), 400, "`pixels`"),
        (input("pixels", "FP32", json!([1, 2, 2, 3]), zeroes.clone()), 400, "UINT8"),
        (input("photo", "UINT8", json!([1]), json!([1])), 400, "BYTES"),
        (pixels(json!([2, 2, 3]), zeroes.clone()), 400, "[n, height, width, 3]"),
        (pixels(json!([1, 3, 2, 2]), zeroes.clone()), 400, "[n, height, width, 3]"),
        (pixels(json!([1, 2, 2, 4]), json!(vec![0; 16])), 400, "[n, height, width, 3]"),
        (pixels(json!([0, 2, 2, 3]), json!([])), 400, "1 to 6"),
        (pixels(json!([7, 1, 1, 3]), json!(vec![0; 21])), 400, "at most 6"),
        (pixels(json!([huge, 1, 1, 3]), zeroes.clone()), 400, "at most 6"),
        (pixels(json!([1, huge, huge, 3]), zeroes.clone()), 422, "too large"),
        (pixels(json!([6, 6_148_914_691_236_517_206u64, 1, 3]), zeroes.clone()), 422, "too large"),
        (pixels(json!([1, 1u64 << 32, 1u64 << 32, 3]), zeroes.clone()), 422, "too large"),
        (pixels(json!([1, 8000, 8000, 3]), zeroes.clone()), 422, "50000000"),
        (pixels(json!([1, 0, 2, 3]), json!([])), 400, "at least 1"),
        (pixels(json!([-1, 2, 2, 3]), zeroes.clone()), 400, "integer `-1`"),
        (pixels(json!([1.5, 2, 2, 3]), zeroes.clone()), 400, "1.5"),
        (pixels(json!(vec![1; 9]), zeroes.clone()), 400, "at most 8"),
        (pixels(json!([1, 2, 2, 3]), json!(vec![0; 11])), 400, "12 bytes"),
        (pixels(json!([1, 2, 2, 3]), json!(vec![256; 12])), 400, "256"),
        (pixels(json!([1, 2, 2, 3]), json!(vec![0.5; 12])), 400, "0 to 255"),
        (pixels(json!([1, 2, 2, 3]), json!("AAAA")), 400, "0 to 255"),
        (pixels(json!([1, 2, 2, 3]), json!(["AAAA"])), 400, "0 to 255"),
        (json!({ "inputs": [{ "name": "pixels", "datatype": "UINT8", "shape": [1, 2, 2, 3] }] }), 400, "0 to 255"),
        (input("photo", "BYTES", json!([1, 2]), json!([""])), 400, "[n] or [n, 1]"),
        (input("photo", "BYTES", json!([1, 1, 1]), json!([""])), 400, "[n] or [n, 1]"),
        (input("photo", "BYTES", json!([2, 1]), json!([""])), 400, "hold 1 file"),
        (input("photo", "BYTES", json!([2]), json!([""])), 400, "hold 1 file"),
        (input("photo", "BYTES", json!([1]), json!(["not base64!"])), 400, "base64"),
        (input("photo", "BYTES", json!([1]), json!(vec![""; 7])), 400, "more than 6"),
        (input("photo", "BYTES", json!([1]), json!([""])), 422, "photo 0: the photo is empty"),
        (input("photo", "BYTES", json!([1]), json!([STANDARD.encode("a text")])), 415, "photo 0"),
        (with_outputs(json!([{ "name": "logits" }])), 400, "probabilities, classes, class, verdict"),
        (with_outputs(json!([{ "name": "class" }, { "name": "class" }])), 400, "twice"),
        (with_outputs(json!([{ "name": "class", "parameters": { "classification": 3 } }])), 400, "classification"),
        (with_outputs(json!([{ "name": "class", "parameters": { "shared_memory_region": "a" } }])), 400, "memory"),
        (
            json!({ "inputs": [{ "name": "pixels", "datatype": "UINT8", "shape": [1, 2, 2, 3], "parameters": { "shared_memory_region": "a" } }] }),
            400,
            "memory",
        ),
        (binary_input("pixels", "UINT8", json!([1, 2, 2, 3]), 12), 400, HEADER_LENGTH),
    ];
    for (request, status, words) in cases {
        let error = failure(infer(&relay, &client, &request).await, status).await;
        assert!(error.contains(words), "{request}: {error}");
    }
    let mut named = with_outputs(json!([]));
    named["id"] = json!("号".repeat(257));
    assert!(failure(infer(&relay, &client, &named).await, 400).await.contains("id"));
    let api: Value = client.get(relay.url("/openapi.json")).send().await.unwrap().json().await.unwrap();
    let schema = &api["components"]["schemas"]["InferRequest"];
    assert_eq!(schema["properties"]["id"]["maxLength"], 256, "{schema}");
    assert!(!schema["required"].as_array().unwrap().contains(&json!("id")), "{schema}");
    named["id"] = json!("号".repeat(256));
    assert_eq!(infer(&relay, &client, &named).await.status(), StatusCode::OK);
    let cut = jpeg(3)[..100].to_vec();
    let cut = input("photo", "BYTES", json!([2]), json!([STANDARD.encode(jpeg(1)), STANDARD.encode(cut)]));
    assert!(failure(infer(&relay, &client, &cut).await, 422).await.starts_with("photo 1: "));
    for body in [&b""[..], b"{", b"\xff\xfe", b"{} {}", &vec![b'['; 100_000]] {
        failure(client.post(relay.url(INFER)).body(body.to_vec()).send().await.unwrap(), 400).await;
    }
    let whole = infer(&relay, &client, &pixels(json!([1, 2, 2, 3]), zeroes)).await;
    assert_eq!(whole.status(), StatusCode::OK, "{:?}", whole.text().await);
}

#[tokio::test]
async fn binary_data_with_a_wrong_size_are_refused() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    let client = relay.client();
    let of = |size| binary_input("pixels", "UINT8", json!([1, 2, 2, 3]), size);
    let cases: [(Value, usize, &str); 5] = [
        (of(12), 11, "binary_data_size is 12"),
        (of(12), 13, "13 bytes"),
        (of(11), 11, "12 bytes"),
        (input("pixels", "UINT8", json!([1, 2, 2, 3]), json!(vec![0; 12])), 12, "12 bytes follow"),
        (binary_input("pixels", "UINT8", json!([1, 2, 2, 3]), usize::MAX), 12, "binary_data_size"),
    ];
    for (request, bytes, words) in cases {
        let error = failure(infer_binary(&relay, &client, &request, &vec![0; bytes]).await, 400).await;
        assert!(error.contains(words), "{request}: {error}");
    }
    let both = json!({ "inputs": [{
        "name": "pixels", "datatype": "UINT8", "shape": [1, 2, 2, 3],
        "parameters": { "binary_data_size": 12 }, "data": vec![0; 12],
    }] });
    failure(infer_binary(&relay, &client, &both, &[0; 12]).await, 400).await;
    for data in [&[9, 0, 0, 0, 1][..], &[255; 12], &[1, 0], &elements(&vec![Vec::new(); 7])] {
        let request = binary_input("photo", "BYTES", json!([1]), data.len());
        failure(infer_binary(&relay, &client, &request, data).await, 400).await;
    }

    let json = of(12).to_string();
    let body = [json.as_bytes(), &[0; 12]].concat();
    for length in [
        "0",
        "-1",
        "many",
        "",
        "18446744073709551616",
        "9999",
        &(json.len() - 1).to_string(),
        &(json.len() + 1).to_string(),
    ] {
        let lying = client.post(relay.url(INFER)).header(HEADER_LENGTH, length).body(body.clone());
        failure(lying.send().await.unwrap(), 400).await;
    }
    let right = client.post(relay.url(INFER)).header(HEADER_LENGTH, json.len()).body(body);
    assert_eq!(right.send().await.unwrap().status(), StatusCode::OK);
    // A JSON length that covers the whole body is valid.
    let plain = input("pixels", "UINT8", json!([1, 2, 2, 3]), json!(vec![0; 12]));
    assert_eq!(infer_binary(&relay, &client, &plain, &[]).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn too_large_or_compressed_bodies_are_refused_with_little_memory() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    for client in [relay.client_builder().http1_only().build().unwrap(), relay.client()] {
        let small = input("pixels", "UINT8", json!([1, 1, 1, 3]), json!([1, 2, 3]));
        assert_eq!(infer(&relay, &client, &small).await.status(), StatusCode::OK);
        #[cfg(target_os = "linux")]
        let before = relay.peak_memory();
        let post = || client.post(relay.url(INFER));
        failure(post().body(vec![b' '; 100_000_000]).send().await.unwrap(), 413).await;
        // Below the limit of all bodies, above that of JSON.
        let error = failure(post().body(vec![b' '; 9 << 20]).send().await.unwrap(), 413).await;
        assert!(error.contains("8192 KiB") && error.contains("binary"), "{error}");
        let described = format!("{}{}", " ".repeat(70_000), small);
        let behind = post().header(HEADER_LENGTH, described.len()).body(described + "data");
        assert!(failure(behind.send().await.unwrap(), 413).await.contains("64 KiB"));
        // Many members that would each take a hundred bytes.
        let many =
            format!("{{\"inputs\":[{}]}}", vec!["{\"name\":\"\",\"shape\":[],\"datatype\":\"\"}"; 200_000].join(","));
        failure(post().body(many).send().await.unwrap(), 400).await;
        let zipped = post().header(CONTENT_ENCODING, "gzip").json(&small);
        assert!(failure(zipped.send().await.unwrap(), 415).await.contains("Content-Encoding"));
        #[cfg(target_os = "linux")]
        assert!(relay.peak_memory() < before + (60 << 20), "{} then {}", before, relay.peak_memory());
        assert_eq!(infer(&relay, &client, &small).await.status(), StatusCode::OK);
    }
}

#[tokio::test]
async fn the_smallest_relay_takes_the_largest_requests() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &["--workers", "1", "--queue", "1"]);
    let client = relay.client();
    let pixels = RgbImage::new(1180, 1180).into_raw().repeat(6);
    let request = binary_input("pixels", "UINT8", json!([6, 1180, 1180, 3]), pixels.len());
    let ones = vec![1; 999 * 1399 * 3];
    let written = input("pixels", "UINT8", json!([1, 999, 1399, 3]), json!(ones));
    assert!(pixels.len() > 23 << 20 && written.to_string().len() > 7 << 20);
    for _ in 0..2 {
        let answer = infer_binary(&relay, &client, &request, &pixels).await;
        assert_eq!(answer.status(), StatusCode::OK, "{:?}", answer.text().await);
        let answer = infer(&relay, &client, &written).await;
        assert_eq!(answer.status(), StatusCode::OK, "{:?}", answer.text().await);
    }
}

#[test]
fn a_connection_stays_usable_after_refusals() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    let mut connection = BufReader::new(relay.connect());
    let head = |length: usize, more: &str| {
        format!("POST {INFER} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n{more}\r\n")
    };
    for (request, expected) in [
        (head(9, "Inference-Header-Content-Length: 10\r\n") + "{} {} {} ", "HTTP/1.1 400"),
        (head(26_000_000, "") + &" ".repeat(26_000_000), "HTTP/1.1 413"),
        ("GET /v2/models/other HTTP/1.1\r\nHost: localhost\r\n\r\n".to_owned(), "HTTP/1.1 404"),
        ("GET /v2/health/ready HTTP/1.1\r\nHost: localhost\r\n\r\n".to_owned(), "HTTP/1.1 200"),
    ] {
        connection.get_mut().write_all(request.as_bytes()).unwrap();
        let (status, body) = next_answer(&mut connection);
        assert!(status.starts_with(expected), "{status}");
        assert_eq!(body.contains("\"error\""), !expected.ends_with("200"), "{body}");
    }
}

#[tokio::test]
async fn the_embedded_model_returns_an_out_of_domain_score() {
    let relay = Relay::start_in(Home::new().unwrap(), &[]);
    let client = relay.client();
    let metadata = get_json(&relay, &client, "/v2/models/leaf-lite0").await;
    let outputs = metadata["outputs"].as_array().unwrap();
    assert!(outputs.contains(&json!({ "name": "out_of_domain", "datatype": "FP32", "shape": [-1] })), "{metadata}");
    let request = input("photo", "BYTES", json!([1]), json!([STANDARD.encode(jpeg(1))]));
    let answer = client.post(relay.url("/v2/models/leaf-lite0/infer")).json(&request).send().await.unwrap();
    let answer: Value = answer.json().await.unwrap();
    let form = crate::common::form(jpeg(1));
    let usual = client.post(relay.url("/upload_image")).multipart(form).send().await.unwrap();
    let usual: Prediction = usual.json().await.unwrap();
    let strange: Vec<f32> = serde_json::from_value(output(&answer, "out_of_domain")["data"].clone()).unwrap();
    assert_eq!(strange, [usual.out_of_domain.unwrap()]);
    // The few-photo classes are included.
    assert_eq!(output(&answer, "classes")["shape"], json!([usual.classes.len()]));
    assert_eq!(texts(output(&answer, "class")), [usual.classes[0].id.to_string()]);
}
