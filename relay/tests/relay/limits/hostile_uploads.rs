//! Hostile uploads: malformed forms, and decompression bombs.

use std::io::{Read, Write};

use crate::common::{Relay, TestModel, crc32, encode, form, jpeg, photos, problem};
use image::{ImageFormat, RgbImage};
use reqwest::header::CONTENT_TYPE;
use reqwest::multipart::{Form, Part};
use reqwest::{Client, Response, StatusCode};

/// Peak memory with one worker, bytes: decoding a photo (275 MiB), and the rest of the program.
const MOST_MEMORY: u64 = 420 << 20;

async fn good(relay: &Relay, client: &Client) {
    let answer = client.post(relay.url("/upload_image")).multipart(form(jpeg(1))).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
}

async fn raw(relay: &Relay, client: &Client, boundary: &str, body: impl Into<Vec<u8>>) -> Response {
    let kind = format!("multipart/form-data; boundary={boundary}");
    client.post(relay.url("/v1/predict")).header(CONTENT_TYPE, kind).body(body.into()).send().await.unwrap()
}

/// A part of a form.
fn part(name: &str, bytes: &[u8]) -> Vec<u8> {
    let head = format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"../../etc/passwd\"\r\n\r\n");
    [head.as_bytes(), bytes, b"\r\n"].concat()
}

#[tokio::test]
async fn malformed_forms_are_refused() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    let photo = jpeg(1);
    let many = |name: &str, count: usize| [part(name, b"").repeat(count), b"--x--\r\n".to_vec()].concat();
    let nested = |inner: &[u8]| {
        let head = "--x\r\nContent-Disposition: form-data; name=\"photo\"\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n";
        [head.as_bytes(), inner, b"\r\n--x--\r\n"].concat()
    };
    let long = "n".repeat(1 << 20);
    let headers: String = (0..1000).map(|number| format!("X-{number}: y\r\n")).collect();
    let cases: Vec<(&str, Vec<u8>, u16, &str)> = vec![
        ("x", many("photo", 7), 400, "too-many-photos"),
        ("x", many("photo", 3), 422, "photo-empty"),
        ("x", many("other", 64), 400, "no-picture"),
        ("x", many("other", 65), 400, "bad-multipart"),
        ("x", many("other", 100_000), 400, "bad-multipart"),
        ("x", [part("photo", &photo), many("other", 70)].concat(), 400, "bad-multipart"),
        ("x", nested(b"--y\r\nContent-Disposition: file\r\n\r\nabc\r\n--y--"), 415, "not-a-photo"),
        ("x", [part(&long, &photo), b"--x--\r\n".to_vec()].concat(), 400, "no-picture"),
        ("x", format!("--x\r\n{headers}\r\nabc\r\n--x--\r\n").into_bytes(), 400, "bad-multipart"),
        ("x", b"--x\r\n\r\n\r\n--x--\r\n".to_vec(), 400, "bad-multipart"),
        ("x", b"--x--\r\n".repeat(10_000), 400, "no-picture"),
        ("x", b"--x".repeat(100_000), 400, "no-picture"),
        ("x", b"\r\n".repeat(1 << 20), 400, "bad-multipart"),
        ("x", part("photo", &vec![b'\r'; 4 << 20]), 400, "bad-multipart"),
        ("x", part("photo", &b"\r\n--".repeat(1 << 20)), 400, "bad-multipart"),
        ("x", Vec::new(), 400, "bad-multipart"),
        (&long[..30_000], part("photo", &photo), 400, "bad-multipart"),
        ("", part("photo", &photo), 400, "bad-multipart"),
    ];
    let mut wrong = Vec::new();
    for client in [relay.client_builder().http1_only().build().unwrap(), relay.client()] {
        for (boundary, body, status, kind) in &cases {
            // HTTP/2 allows headers of 16 kB.
            if boundary.len() > 10_000 && client_speaks_2(&relay, &client).await {
                continue;
            }
            let answer = raw(&relay, &client, boundary, body.clone()).await;
            let begin = String::from_utf8_lossy(&body[..body.len().min(90)]).into_owned();
            let (found, text) = (answer.status(), answer.text().await.unwrap());
            if found != *status || !text.contains(kind) {
                wrong.push(format!("{status} {kind}, not {found} {text}: {begin}"));
            }
        }
        good(&relay, &client).await;
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(!relay.log().contains("passwd"), "{}", relay.log());
}

async fn client_speaks_2(relay: &Relay, client: &Client) -> bool {
    client.get(relay.url("/")).send().await.unwrap().version() == reqwest::Version::HTTP_2
}

#[tokio::test]
async fn too_large_bodies_are_refused_however_they_are_split() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &[]);
    let client = relay.client();
    let send = |form: Form| client.post(relay.url("/v1/predict")).multipart(form).send();
    let photos = photos(vec![vec![7; 7 << 20]; 4]);
    problem(send(photos).await.unwrap(), 413, "body-too-large").await;
    let others = (0..30).fold(Form::new(), |form, _| form.part("other", Part::bytes(vec![7; 1 << 20])));
    problem(send(others.part("photo", Part::bytes(jpeg(1)))).await.unwrap(), 413, "body-too-large").await;
    good(&relay, &client).await;
}

fn chunk(kind: &[u8; 4], payload: &[u8]) -> Vec<u8> {
    let named = [kind.as_slice(), payload].concat();
    [&(payload.len() as u32).to_be_bytes()[..], &named, &crc32(&named).to_be_bytes()].concat()
}

/// A PNG with these chunks after its header.
fn png(width: u32, height: u32, depth: u8, colour: u8, chunks: &[Vec<u8>]) -> Vec<u8> {
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[depth, colour, 0, 0, 0]].concat();
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &header), chunks.concat(), chunk(b"IEND", b"")].concat()
}

/// That many zeros, compressed by zlib to about a thousandth.
fn packed_zeros(count: u64) -> Vec<u8> {
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::copy(&mut std::io::repeat(0).take(count), &mut packer).unwrap();
    packer.flush().unwrap();
    packer.finish().unwrap()
}

/// A WebP that declares that size, lossless (RFC 9649, section 3.4) or lossy (RFC 6386, section 9.1).
fn webp(width: u32, height: u32, lossless: bool) -> Vec<u8> {
    let frame = if lossless {
        let size = (width - 1) | ((height - 1) << 14);
        [&[0x2f][..], &size.to_le_bytes(), &[0; 64]].concat()
    } else {
        [&[0x10, 0, 0, 0x9d, 1, 0x2a][..], &(width as u16).to_le_bytes(), &(height as u16).to_le_bytes(), &[0; 64]]
            .concat()
    };
    let padded = [frame.clone(), vec![0; frame.len() % 2]].concat();
    let kind = if lossless { b"VP8L" } else { b"VP8 " };
    let body = [b"WEBP".as_slice(), kind, &(frame.len() as u32).to_le_bytes(), &padded].concat();
    [b"RIFF".as_slice(), &(body.len() as u32).to_le_bytes(), &body].concat()
}

/// A valid JPEG whose header was changed to declare that size.
fn jpeg_of_size(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = jpeg(1);
    let frame = bytes.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
    bytes[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    bytes[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
    bytes
}

#[tokio::test]
async fn decompression_bombs_are_refused() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &["--workers", "1", "--inference-timeout", "50s"]);
    let client = relay.client();
    let data = |bytes: u64| chunk(b"IDAT", &packed_zeros(bytes));
    let gigabyte = packed_zeros(1 << 30);
    let profile = [b"bomb\0\0".as_slice(), &gigabyte].concat();
    let text = [b"Comment\0\0".as_slice(), &gigabyte].concat();
    let animated = {
        let control = chunk(b"acTL", &[&u32::MAX.to_be_bytes()[..], &[0; 4]].concat());
        png(64, 64, 8, 2, &[control, data(64 * (1 + 64 * 3))])
    };
    let bombs: Vec<(&str, Vec<u8>, &[u16])> = vec![
        ("PNG of 4 gigapixels", png(65_535, 65_535, 1, 0, &[data(1 << 29)]), &[422]),
        ("PNG of the largest numbers", png(0x7fff_ffff, 0x7fff_ffff, 16, 6, &[data(1 << 20)]), &[422]),
        ("PNG without pixels", png(0, 0, 8, 2, &[data(0)]), &[422]),
        ("PNG that holds more than it declares", png(64, 64, 8, 2, &[chunk(b"IDAT", &gigabyte)]), &[200, 422]),
        ("PNG that holds less than it declares", png(4800, 4800, 16, 6, &[data(1 << 20)]), &[422]),
        ("PNG of the largest size, 16 bits deep", png(6000, 4000, 16, 6, &[data(4000 * (1 + 6000 * 8))]), &[200]),
        (
            "PNG with a colour profile of 1 GiB",
            png(64, 64, 8, 2, &[chunk(b"iCCP", &profile), data(64 * 193)]),
            &[200, 422],
        ),
        ("PNG with a comment of 1 GiB", png(64, 64, 8, 2, &[chunk(b"zTXt", &text), data(64 * 193)]), &[200, 422]),
        ("PNG that says it has four billion frames", animated, &[200, 422]),
        ("lossless WebP of 268 megapixels", webp(16_384, 16_384, true), &[422]),
        ("lossy WebP of 268 megapixels", webp(16_383, 16_383, false), &[422]),
        ("lossless WebP of the largest size", webp(6000, 4000, true), &[200, 422]),
        ("lossy WebP of the largest size", webp(6000, 4000, false), &[200, 422]),
        ("JPEG of 4 gigapixels", jpeg_of_size(65_500, 65_500), &[422]),
        ("JPEG of the largest size in 2 kB", jpeg_of_size(6000, 4000), &[200, 422]),
        ("JPEG of 50 megapixels in 2 kB", jpeg_of_size(8100, 6100), &[422]),
        ("PNG of 49 megapixels", png(8100, 6050, 8, 2, &[data(6050 * (1 + 8100 * 3))]), &[200]),
        ("PNG of 49 megapixels, 16 bits deep", png(8100, 6050, 16, 6, &[data(6050 * (1 + 8100 * 8))]), &[422]),
        ("lossy WebP of 49 megapixels", webp(8100, 6050, false), &[200, 422]),
        ("lossless WebP of 49 megapixels", webp(8100, 6050, true), &[422]),
        ("JPEG without pixels", jpeg_of_size(0, 0), &[422]),
    ];
    for (what, bomb, allowed) in bombs {
        assert!(bomb.len() < 8 << 20, "{what}: {} bytes", bomb.len());
        let answer = client.post(relay.url("/upload_image")).multipart(form(bomb)).send().await.unwrap();
        let status = answer.status().as_u16();
        assert!(allowed.contains(&status), "{what}: {status} {:?}", answer.text().await);
        good(&relay, &client).await;
        #[cfg(target_os = "linux")]
        assert!(relay.peak_memory() < MOST_MEMORY, "{what}: {} bytes", relay.peak_memory());
    }
}

#[tokio::test]
async fn six_of_the_largest_photos_take_the_memory_of_one() {
    let model = TestModel::new();
    let relay = Relay::start(&model, &["--workers", "1", "--inference-timeout", "50s"]);
    let client = relay.client();
    let large = encode(&RgbImage::new(6000, 4000), ImageFormat::Png);
    let photos = photos(vec![large; 6]);
    let answer = client.post(relay.url("/v1/predict")).multipart(photos).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{:?}", answer.text().await);
    #[cfg(target_os = "linux")]
    assert!(relay.peak_memory() < MOST_MEMORY, "{} bytes", relay.peak_memory());
}
