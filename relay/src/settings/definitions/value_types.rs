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

pub(super) static ADDRESS: ValueType<SocketAddr> = ValueType {
    value_name: "ADDR:PORT",
    arity: Arity::Text,
    parse: |texts| address(text(texts)?),
    show: |it| one(it.to_string()),
};

pub(super) static ADDRESS_OR_OFF: ValueType<Option<SocketAddr>> = ValueType {
    value_name: "ADDR:PORT|off",
    arity: Arity::Text,
    parse: |texts| unless("off", texts, address),
    show: |it| one(it.map_or_else(|| "off".to_owned(), |address| address.to_string())),
};

pub(super) static FILE: ValueType<Option<PathBuf>> = ValueType {
    value_name: "FILE",
    arity: Arity::Path,
    parse: |texts| path(texts).map(Some),
    show: |it| paths(it.as_slice()),
};

pub(super) static FOLDER: ValueType<Option<PathBuf>> = ValueType {
    value_name: "FOLDER",
    arity: Arity::Path,
    parse: |texts| path(texts).map(Some),
    show: |it| paths(it.as_slice()),
};

pub(super) static FILES: ValueType<Vec<PathBuf>> = ValueType {
    value_name: "FILE",
    arity: Arity::Paths,
    parse: |texts| texts.iter().map(|text| path(std::slice::from_ref(text))).collect(),
    show: |it| paths(it),
};

pub(super) static SWITCH: ValueType<bool> = ValueType {
    value_name: "true|false",
    arity: Arity::Switch,
    parse: |texts| match text(texts)? {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err("give true or false".to_owned()),
    },
    show: |it| one(it.to_string()),
};

pub(super) static TLS: ValueType<TlsVersions> =
    ValueType { value_name: "VERSIONS", arity: Arity::Text, parse: choice, show: |it| shown(it) };

pub(super) static LOG_FORMAT: ValueType<LogFormat> =
    ValueType { value_name: "text|json", arity: Arity::Text, parse: choice, show: |it| shown(it) };

pub(super) static LOG_LEVEL: ValueType<LogLevel> =
    ValueType { value_name: "LEVEL", arity: Arity::Text, parse: choice, show: |it| shown(it) };

pub(super) static COUNT: ValueType<u16> = ValueType {
    value_name: "N",
    arity: Arity::Text,
    parse: |texts| number(texts, 1, u16::MAX),
    show: |it| one(it.to_string()),
};

pub(super) static COUNT_OR_NONE: ValueType<u16> = ValueType {
    value_name: "N",
    arity: Arity::Text,
    parse: |texts| number(texts, 0, u16::MAX),
    show: |it| one(it.to_string()),
};

pub(super) static FILE_COUNT: ValueType<u32> = ValueType {
    value_name: "N",
    arity: Arity::Text,
    parse: |texts| number(texts, 1, 1_000_000),
    show: |it| one(it.to_string()),
};

pub(super) static CONNECTIONS: ValueType<u32> = ValueType {
    value_name: "N",
    arity: Arity::Text,
    parse: |texts| number(texts, 1, 1_000_000),
    show: |it| one(it.to_string()),
};

pub(super) static PHOTOS: ValueType<usize> = ValueType {
    value_name: "N",
    arity: Arity::Text,
    parse: |texts| number(texts, 1, mango_inference::MAX_PHOTOS),
    show: |it| one(it.to_string()),
};

pub(super) static COUNT_OR_AUTO: ValueType<Option<NonZeroU16>> = ValueType {
    value_name: "N|auto",
    arity: Arity::Text,
    parse: |texts| unless("auto", texts, |text| parsed(text, || format!("give a number from 1 to {}", u16::MAX))),
    show: |it| one(it.map_or_else(|| "auto".to_owned(), |count| count.to_string())),
};

pub(super) static RATE_OR_OFF: ValueType<Option<NonZeroU32>> = ValueType {
    value_name: "N|off",
    arity: Arity::Text,
    parse: |texts| unless("off", texts, |text| parsed(text, || "give a number of requests, or off".to_owned())),
    show: |it| one(it.map_or_else(|| "off".to_owned(), |rate| rate.to_string())),
};

pub(super) static BYTES: ValueType<usize> = ValueType {
    value_name: "BYTES",
    arity: Arity::Text,
    parse: |texts| bytes(text(texts)?).and_then(|bytes| if bytes > 0 { Ok(bytes) } else { Err(SIZE.to_owned()) }),
    show: |it| one(scaled::show(*it as u64, scaled::BYTES)),
};

pub(super) static BYTES_A_SECOND: ValueType<usize> = ValueType {
    value_name: "BYTES",
    arity: Arity::Text,
    parse: |texts| bytes(text(texts)?),
    show: |it| one(scaled::show(*it as u64, scaled::BYTES)),
};

pub(super) static BYTES_OR_AUTO: ValueType<Option<usize>> = ValueType {
    value_name: "BYTES|auto",
    arity: Arity::Text,
    parse: |texts| unless("auto", texts, bytes),
    show: |it| one(it.map_or_else(|| "auto".to_owned(), |bytes| scaled::show(bytes as u64, scaled::BYTES))),
};

pub(super) static PIXELS: ValueType<u64> = ValueType {
    value_name: "PIXELS",
    arity: Arity::Text,
    parse: |texts| {
        let most = mango_inference::PhotoLimits::MOST_PIXELS;
        let pixels = scaled::parse(text(texts)?, scaled::PIXELS).filter(|pixels| (1..=most).contains(pixels));
        pixels.ok_or_else(|| format!("give a number of pixels up to {}", scaled::show(most, scaled::PIXELS)))
    },
    show: |it| one(scaled::show(*it, scaled::PIXELS)),
};

pub(super) static TIME: ValueType<Duration> = ValueType {
    value_name: "TIME",
    arity: Arity::Text,
    parse: |texts| {
        time(texts).and_then(|time| if time.is_zero() { Err("give more than none".to_owned()) } else { Ok(time) })
    },
    show: |it| one(show_time(*it)),
};

pub(super) static TIME_OR_NONE: ValueType<Duration> =
    ValueType { value_name: "TIME", arity: Arity::Text, parse: time, show: |it| one(show_time(*it)) };

pub(super) static NETWORKS: ValueType<Vec<IpNet>> = ValueType {
    value_name: "IP|CIDR",
    arity: Arity::Texts,
    parse: |texts| texts.iter().map(|text| network(as_text(text)?)).collect(),
    show: |it| it.iter().map(|network| network.to_string().into()).collect(),
};

pub(super) static ORIGINS: ValueType<Vec<AllowedOrigin>> = ValueType {
    value_name: "ORIGIN",
    arity: Arity::Texts,
    parse: |texts| texts.iter().map(|text| as_text(text)?.parse()).collect(),
    show: |it| it.iter().map(|origin| origin.to_string().into()).collect(),
};

/// The expected format of a size.
const SIZE: &str = "give a size such as 8MiB, 8MB or a number of bytes";

/// The longest allowed time, a day.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

fn one(text: String) -> Vec<OsString> {
    vec![text.into()]
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
