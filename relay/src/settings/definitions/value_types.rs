//! The value types of settings.

use std::ffi::{OsStr, OsString};
use std::net::{IpAddr, SocketAddr};
use std::num::{NonZeroU16, NonZeroU32};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::ValueEnum;
use ipnet::IpNet;

use super::allowed_origin::AllowedOrigin;
use super::scaled;
use super::setting::{Arity, ValueType};
use super::tls_versions::TlsVersions;

/// The format of the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Lines for people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// The least important level in the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LogLevel {
    /// Nothing.
    Off,
    /// Errors.
    Error,
    /// And warnings.
    Warn,
    /// And one line for each request.
    #[default]
    Info,
    /// And details for debugging.
    Debug,
    /// And messages of the libraries.
    Trace,
}

pub(super) static ADDRESS: ValueType<SocketAddr> =
    ValueType::new("ADDR:PORT", Arity::Text, |texts| address(text(texts)?), displayed);

pub(super) static ADDRESS_OR_OFF: ValueType<Option<SocketAddr>> =
    ValueType::new("ADDR:PORT|off", Arity::Text, |texts| unless("off", texts, address), |it| or("off", it.as_ref()));

pub(super) static FILE: ValueType<Option<PathBuf>> =
    ValueType::new("FILE", Arity::Path, |texts| path(texts).map(Some), |it| paths(it.as_slice()));

pub(super) static FOLDER: ValueType<Option<PathBuf>> =
    ValueType::new("FOLDER", Arity::Path, |texts| path(texts).map(Some), |it| paths(it.as_slice()));

pub(super) static FILES: ValueType<Vec<PathBuf>> = ValueType::new(
    "FILE",
    Arity::Paths,
    |texts| texts.iter().map(|text| path(std::slice::from_ref(text))).collect(),
    |it| paths(it),
);

pub(super) static SWITCH: ValueType<bool> = ValueType::new(
    "true|false",
    Arity::Switch,
    |texts| match text(texts)? {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err("give true or false".to_owned()),
    },
    displayed,
);

pub(super) static TLS: ValueType<TlsVersions> = ValueType::new("VERSIONS", Arity::Text, choice, shown);

pub(super) static LOG_FORMAT: ValueType<LogFormat> = ValueType::new("text|json", Arity::Text, choice, shown);

pub(super) static LOG_LEVEL: ValueType<LogLevel> = ValueType::new("LEVEL", Arity::Text, choice, shown);

pub(super) static COUNT: ValueType<u16> =
    ValueType::new("N", Arity::Text, |texts| number(texts, 1, u16::MAX), displayed);

pub(super) static COUNT_OR_NONE: ValueType<u16> =
    ValueType::new("N", Arity::Text, |texts| number(texts, 0, u16::MAX), displayed);

pub(super) static LARGE_COUNT: ValueType<u32> =
    ValueType::new("N", Arity::Text, |texts| number(texts, 1, 1_000_000), displayed);

pub(super) static PHOTOS: ValueType<usize> =
    ValueType::new("N", Arity::Text, |texts| number(texts, 1, mango_inference::MAX_PHOTOS), displayed);

pub(super) static COUNT_OR_AUTO: ValueType<Option<NonZeroU16>> = ValueType::new(
    "N|auto",
    Arity::Text,
    |texts| unless("auto", texts, |text| parsed(text, || format!("give a number from 1 to {}", u16::MAX))),
    |it| or("auto", it.as_ref()),
);

pub(super) static RATE_OR_OFF: ValueType<Option<NonZeroU32>> = ValueType::new(
    "N|off",
    Arity::Text,
    |texts| unless("off", texts, |text| parsed(text, || "give a number of requests, or off".to_owned())),
    |it| or("off", it.as_ref()),
);

pub(super) static BYTES: ValueType<usize> = ValueType::new(
    "BYTES",
    Arity::Text,
    |texts| bytes(text(texts)?).and_then(|bytes| if bytes > 0 { Ok(bytes) } else { Err(SIZE.to_owned()) }),
    |it| one(show_bytes(*it)),
);

pub(super) static BYTES_A_SECOND: ValueType<usize> =
    ValueType::new("BYTES", Arity::Text, |texts| bytes(text(texts)?), |it| one(show_bytes(*it)));

pub(super) static BYTES_OR_AUTO: ValueType<Option<usize>> = ValueType::new(
    "BYTES|auto",
    Arity::Text,
    |texts| unless("auto", texts, bytes),
    |it| or("auto", it.map(show_bytes)),
);

pub(super) static PIXELS: ValueType<u64> = ValueType::new(
    "PIXELS",
    Arity::Text,
    |texts| {
        let most = mango_inference::PhotoLimits::MOST_PIXELS;
        let pixels = scaled::parse(text(texts)?, scaled::PIXELS).filter(|pixels| (1..=most).contains(pixels));
        pixels.ok_or_else(|| format!("give a number of pixels up to {}", scaled::show(most, scaled::PIXELS)))
    },
    |it| one(scaled::show(*it, scaled::PIXELS)),
);

pub(super) static TIME: ValueType<Duration> = ValueType::new(
    "TIME",
    Arity::Text,
    |texts| time(texts).and_then(|time| if time.is_zero() { Err("give more than none".to_owned()) } else { Ok(time) }),
    |it| one(show_time(*it)),
);

pub(super) static TIME_OR_NONE: ValueType<Duration> =
    ValueType::new("TIME", Arity::Text, time, |it| one(show_time(*it)));

pub(super) static NETWORKS: ValueType<Vec<IpNet>> = ValueType::new(
    "IP|CIDR",
    Arity::Texts,
    |texts| texts.iter().map(|text| network(as_text(text)?)).collect(),
    |it| it.iter().flat_map(displayed).collect(),
);

pub(super) static ORIGINS: ValueType<Vec<AllowedOrigin>> = ValueType::new(
    "ORIGIN",
    Arity::Texts,
    |texts| texts.iter().map(|text| as_text(text)?.parse()).collect(),
    |it| it.iter().flat_map(displayed).collect(),
);

/// The expected format of a size.
const SIZE: &str = "give a size such as 8MiB, 8MB or a number of bytes";

/// The longest allowed time, a day.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

fn one(text: String) -> Vec<OsString> {
    vec![text.into()]
}

fn displayed(value: &impl ToString) -> Vec<OsString> {
    one(value.to_string())
}

/// The value, or `word` for none.
fn or(word: &str, value: Option<impl ToString>) -> Vec<OsString> {
    one(value.map_or_else(|| word.to_owned(), |value| value.to_string()))
}

fn paths(paths: &[PathBuf]) -> Vec<OsString> {
    paths.iter().map(|path| path.clone().into_os_string()).collect()
}

fn as_text(text: &OsStr) -> Result<&str, String> {
    text.to_str().ok_or_else(|| "this is not text in UTF-8".to_owned())
}

fn text(texts: &[OsString]) -> Result<&str, String> {
    only(texts).and_then(|text| as_text(text))
}

fn only(texts: &[OsString]) -> Result<&OsString, String> {
    match texts {
        [text] => Ok(text),
        _ => Err("give one value".to_owned()),
    }
}

fn path(texts: &[OsString]) -> Result<PathBuf, String> {
    let text = only(texts)?;
    if text.is_empty() { Err("give a path".to_owned()) } else { Ok(text.into()) }
}

fn parsed<T: FromStr>(text: &str, wanted: impl FnOnce() -> String) -> Result<T, String> {
    text.parse().map_err(|_| wanted())
}

/// None for `word`, else the parsed text.
fn unless<T>(
    word: &str,
    texts: &[OsString],
    read: impl FnOnce(&str) -> Result<T, String>,
) -> Result<Option<T>, String> {
    let text = text(texts)?;
    if text == word { Ok(None) } else { read(text).map(Some) }
}

fn number<T: Copy + FromStr + PartialOrd + std::fmt::Display>(
    texts: &[OsString],
    least: T,
    most: T,
) -> Result<T, String> {
    let wanted = || format!("give a number from {least} to {most}");
    let number: T = parsed(text(texts)?, wanted)?;
    if number >= least && number <= most { Ok(number) } else { Err(wanted()) }
}

fn address(text: &str) -> Result<SocketAddr, String> {
    parsed(text, || "give an IP address and a port, such as 127.0.0.1:8080".to_owned())
}

fn bytes(text: &str) -> Result<usize, String> {
    scaled::parse(text, scaled::BYTES).and_then(|bytes| bytes.try_into().ok()).ok_or_else(|| SIZE.to_owned())
}

fn show_bytes(bytes: usize) -> String {
    scaled::show(bytes as u64, scaled::BYTES)
}

fn time(texts: &[OsString]) -> Result<Duration, String> {
    let time = scaled::parse(text(texts)?, scaled::TIME).map(Duration::from_millis);
    time.filter(|time| *time <= LONGEST).ok_or_else(|| "give a time with its unit, such as 10s, 500ms or 2m".to_owned())
}

fn show_time(time: Duration) -> String {
    scaled::show(time.as_millis().try_into().unwrap_or(u64::MAX), scaled::SHORT_TIME)
}

fn network(text: &str) -> Result<IpNet, String> {
    let wanted = || "give IP addresses or networks, such as 10.0.0.7 or 10.0.0.0/8".to_owned();
    match text.parse::<IpAddr>() {
        Ok(address) => Ok(address.into()),
        Err(_) => parsed(text, wanted),
    }
}

fn choice<T: ValueEnum>(texts: &[OsString]) -> Result<T, String> {
    T::from_str(text(texts)?, false).map_err(|_| {
        let names: Vec<String> = T::value_variants()
            .iter()
            .filter_map(ValueEnum::to_possible_value)
            .map(|it| it.get_name().to_owned())
            .collect();
        format!("give one of {}", names.join(", "))
    })
}

fn shown<T: ValueEnum>(choice: &T) -> Vec<OsString> {
    choice.to_possible_value().map(|value| value.get_name().into()).into_iter().collect()
}
