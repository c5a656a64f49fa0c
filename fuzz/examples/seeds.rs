//! Generates the corpora that are not written by hand: photos, forms and inference requests with photos, bundles,
//! galleries. `cargo run -p mango-fuzz --features seeds --example seeds`

#![allow(clippy::expect_used, reason = "a failure to make a seed ends the program")]

use std::fs;
use std::io::Cursor;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage, RgbaImage};
use mango_fuzz::tiny;
use mango_inference::{ClassId, Domain, Gallery, ModelBundle, Photo, PhotoKey, Precision};
use mango_relay_harness::Form;

/// Length of the digest at the end of a gallery file, which the fuzz target appends.
const DIGEST: usize = 32;

fn main() {
    photos();
    uploads();
    inference_requests();
    bundles();
    galleries();
}

fn write(target: &str, name: &str, bytes: &[u8]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpora").join(target);
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join(name), bytes).expect("a file");
}

fn encode(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("a picture");
    bytes.into_inner()
}

fn jpeg(number: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    tiny::picture(number).write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 50)).expect("a picture");
    bytes
}

fn png(number: u32) -> Vec<u8> {
    encode(&tiny::picture(number).into(), ImageFormat::Png)
}

fn webp(number: u32) -> Vec<u8> {
    encode(&tiny::picture(number).into(), ImageFormat::WebP)
}

/// A JPEG with an EXIF orientation (CIPA DC-008).
fn turned(orientation: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
    let jpeg = jpeg(1);
    let (start, rest) = jpeg.split_at(2);
    let length = (exif.len() as u16 + 2).to_be_bytes();
    [start, &[0xFF, 0xE1], &length, &exif, rest].concat()
}

fn photos() {
    let picture = DynamicImage::from(tiny::picture(0));
    write("photo", "baseline.jpg", &jpeg(0));
    write("photo", "turned.jpg", &turned(6));
    write("photo", "grey.jpg", &encode(&picture.to_luma8().into(), ImageFormat::Jpeg));
    write("photo", "rgb.png", &png(0));
    write("photo", "deep.png", &encode(&picture.to_rgba16().into(), ImageFormat::Png));
    write("photo", "grey-alpha.png", &encode(&picture.to_luma_alpha8().into(), ImageFormat::Png));
    write("photo", "one-pixel.png", &encode(&RgbImage::from_pixel(1, 1, Rgb([9, 99, 9])).into(), ImageFormat::Png));
    write("photo", "lossless.webp", &webp(0));
    let clear = RgbaImage::from_fn(9, 7, |x, y| image::Rgba([x as u8, y as u8, 0, (x * y) as u8]));
    write("photo", "clear.webp", &encode(&clear.into(), ImageFormat::WebP));
}

/// A form whose parts are given by name, file name and content.
fn form(head: &str, parts: &[(&str, &str, &[u8])]) -> Vec<u8> {
    let form = parts.iter().fold(Form::new("leaf"), |form, (name, file, content)| form.photo(name, file, content));
    let head = format!("{head}\ncontent-type: {}\n\n", form.content_type());
    [head.into_bytes(), form.into_body()].concat()
}

fn uploads() {
    let (a, b) = (jpeg(0), png(1));
    write("upload", "picture", &form("/upload_image", &[("picture", "a.jpg", &a)]));
    write("upload", "picture-in-pieces-explained", &form("/upload_image?explain=1 7", &[("picture", "a.png", &b)]));
    write("upload", "class-alone", &form("/upload_image\naccept: text/plain", &[("picture", "a.webp", &webp(0))]));
    write("upload", "picture-after-another-part", &form("/upload_image", &[("note", "", b"x"), ("picture", "", &b)]));
    write("upload", "not-a-photo", &form("/upload_image", &[("picture", "a.txt", b"hello")]));
    let proxied = "/v1/predict?explain=1\nx-forwarded-for: 10.0.0.1, 127.0.0.2\nx-request-id: 0a-1";
    write("upload", "two-photos-by-a-proxy", &form(proxied, &[("photo", "a", &a), ("photo", "b", &b)]));
    let seven: Vec<(&str, &str, &[u8])> = vec![("photo", "", &b); 7];
    write("upload", "seven-photos-in-pieces", &form("/v1/predict 100", &seven));
    let announced = "/v1/predict\ncontent-length: 99999\ncontent-encoding: gzip";
    write("upload", "length-and-coding-that-lie", &form(announced, &[("photo", "a", &a)]));
}

fn inference_requests() {
    let path = "/v2/models/tiny/infer\n\n";
    let json = |request: &str| format!("{path}{request}").into_bytes();
    let nested = "[[[[1,2,3],[4,5,6]],[[7,8,9],[10,11,12]]]]";
    let pixels = |data: &str| {
        format!(r#"{{"id":"7","inputs":[{{"name":"pixels","datatype":"UINT8","shape":[1,2,2,3],"data":{data}}}]}}"#)
    };
    write("v2", "pixels", &json(&pixels("[1,2,3,4,5,6,7,8,9,10,11,12]")));
    write("v2", "pixels-nested", &json(&pixels(nested)));
    let encoded = STANDARD.encode(jpeg(0));
    let photo = format!(r#"{{"inputs":[{{"name":"photo","datatype":"BYTES","shape":[1],"data":["{encoded}"]}}],"#);
    let outputs = r#""outputs":[{"name":"class"},{"name":"probabilities","parameters":{"binary_data":true}}]}"#;
    write("v2", "photo-in-base64-two-outputs", &json(&(photo + outputs)));

    let mut files = Vec::new();
    for file in [jpeg(2), png(3)] {
        files.extend((file.len() as u32).to_le_bytes());
        files.extend(file);
    }
    let version = "/v2/models/tiny/versions/1/infer\ninference-header-content-length: line\n\n";
    // One line; JSON allows the line end.
    let described = |input: &str, binary: &[u8]| {
        let input = format!(r#"{input},"parameters":{{"binary_data_size":{}}}"#, binary.len());
        format!("{{\"parameters\":{{\"binary_data_output\":true}},\"inputs\":[{{{input}}}]}}\n").into_bytes()
    };
    let input = r#""name":"photo","datatype":"BYTES","shape":[2]"#;
    write("v2", "files-in-binary", &[version.as_bytes(), &described(input, &files), &files].concat());
    let input = r#""name":"pixels","datatype":"UINT8","shape":[1,2,2,3]"#;
    let binary = b"123456789abc";
    let head = version.replacen('\n', " 16\n", 1);
    write("v2", "pixels-in-binary-and-pieces", &[head.as_bytes(), &described(input, binary), binary].concat());
}

fn bundles() {
    let domain = Some(Domain { typical: 1.0, limit: 1.2 });
    let least = tiny::least();
    let kept = |name, bundle: &ModelBundle| {
        write("bundle", name, &[bundle.manifest().to_json().as_bytes(), &[0], bundle.weights()].concat());
    };
    kept("f32", &tiny::bundle(&least, Precision::F32, None));
    kept("f16-with-domain", &tiny::bundle(&least, Precision::F16, domain));
    kept("int8", &tiny::bundle(&least, Precision::Int8, None));
    kept("int8-with-every-part", &tiny::bundle(&tiny::architecture(), Precision::Int8, domain));
}

fn galleries() {
    let predictor = tiny::predictor();
    let photo = |number| {
        let embedding = predictor.embed(&Photo::from_pixels(tiny::picture(number))).expect("an embedding");
        (PhotoKey::of(&number.to_le_bytes()), embedding)
    };
    let id = |name: &str| ClassId::try_from(name.to_owned()).expect("an id");
    let kept = |name, gallery: &Gallery| {
        let bytes = gallery.encode();
        write("gallery", name, &bytes[..bytes.len() - DIGEST]);
    };
    let with = |gallery: &Gallery, class: &str, number| {
        let (key, embedding) = photo(number);
        gallery.with_photo(&id(class), key, embedding).expect("room")
    };
    let mut gallery = Gallery::new(predictor.embedding_id());
    kept("empty", &gallery);
    gallery = with(&gallery, "mango_scale", 0);
    kept("one-photo", &gallery);
    for (number, class) in [(1, "mango_scale"), (2, "healthy"), (3, "healthy"), (4, "thrips")] {
        gallery = with(&gallery, class, number);
    }
    kept("new-classes-and-a-trained-one", &gallery);
    gallery = gallery.with_label(&id("mango_scale"), Some("芒果蚧")).expect("a label");
    kept("labelled", &gallery);
}
