//! The command line.

use std::net::SocketAddr;
use std::num::NonZeroU16;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

const EXAMPLES: &str = "\
Examples:
  Serve on 0.0.0.0:8080 with a development certificate:
    mango-relay
  Serve with a certificate of your own:
    mango-relay --cert chain.pem --key key.pem
  Name what photos show, as a table or as one line of JSON a photo:
    mango-relay predict leaf.jpg
    mango-relay predict --json photos/*.jpg > answers.jsonl
  Name what up to six photos of one plant show together:
    mango-relay predict --pool front.jpg back.jpg tip.jpg
  Draw where on a photo the first class was seen:
    mango-relay predict --heatmap where.png leaf.jpg
  Ask a relay:
    curl -k -F picture=@leaf.jpg https://localhost:8080/upload_image
  Ask it for a heat map too:
    curl -k -F picture=@leaf.jpg 'https://localhost:8080/upload_image?explain=1'";

/// Names the pest or disease on photos of mango leaves.
///
/// Without a subcommand it serves.
#[derive(Clone, Debug, Parser)]
#[command(name = "mango-relay", version, args_conflicts_with_subcommands = true, after_help = EXAMPLES)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: ServeArgs,
}

impl Cli {
    /// What is to be done.
    #[must_use]
    pub fn into_command(self) -> Command {
        self.command.unwrap_or(Command::Serve(self.serve))
    }
}

/// What the program can do.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Name what photos on this machine show
    Predict(PredictArgs),
    /// Answer uploaded photos over HTTPS
    Serve(ServeArgs),
}

/// Flags of `predict`.
#[derive(Args, Clone, Debug)]
pub struct PredictArgs {
    /// JPEG, PNG or WebP files
    #[arg(value_name = "PHOTO", required = true)]
    pub photos: Vec<PathBuf>,

    /// Print one line of JSON a photo: {"photo": ..., "prediction": ...} or {"photo": ..., "error": ...};
    /// with --pool one line in all: {"photos": [...], "prediction": ...} or {"photos": [...], "errors": [...]}
    #[arg(long)]
    pub json: bool,

    /// Answer once for all photos, up to six of the same plant; if one has a problem, none is answered
    #[arg(long)]
    pub pool: bool,

    /// Draw the first class's heat map over the photo, of which there must be one, into a PNG file; with --json the
    /// prediction holds the map too
    #[arg(long, value_name = "FILE.png", conflicts_with = "pool", value_parser = png)]
    pub heatmap: Option<PathBuf>,

    /// Folder of the model to use instead of the built-in one
    #[arg(long, value_name = "DIR")]
    pub model: Option<PathBuf>,
}

/// Flags of `serve`.
#[derive(Args, Clone, Debug)]
pub struct ServeArgs {
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDR:PORT", default_value = "0.0.0.0:8080", value_parser = address)]
    pub listen: SocketAddr,

    /// Certificate chain in PEM, the server's own first; a development certificate is made where none is given
    #[arg(long, value_name = "FILE", requires = "key")]
    pub cert: Option<PathBuf>,

    /// The certificate's private key in PEM, not encrypted
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub key: Option<PathBuf>,

    /// Folder of the model to use instead of the built-in one
    #[arg(long, value_name = "DIR")]
    pub model: Option<PathBuf>,

    /// Photos diagnosed at once [default: one for each core]
    #[arg(long, value_name = "N", value_parser = places)]
    pub workers: Option<NonZeroU16>,

    /// Photos that may wait for a worker; further ones are answered 503 at once
    #[arg(long, value_name = "N", default_value_t = 64)]
    pub queue: u16,
}

/// Only such a name: without it, the first of two photos would be taken for the file to write.
fn png(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("png")) {
        Ok(path)
    } else {
        Err("give the PNG file to write, such as where.png, and the photo after it".to_owned())
    }
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "give an IP address and a port, such as 127.0.0.1:8080".to_owned())
}

fn places(text: &str) -> Result<NonZeroU16, String> {
    text.parse().map_err(|_| format!("give a number from 1 to {}", u16::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    fn parse(line: &str) -> Result<Command, clap::Error> {
        Cli::try_parse_from(line.split(' ')).map(Cli::into_command)
    }

    #[test]
    fn the_definition_holds() {
        Cli::command().debug_assert();
    }

    #[test]
    fn serving_is_the_default() {
        for line in ["mango-relay --listen 127.0.0.1:1", "mango-relay serve --listen 127.0.0.1:1"] {
            let Ok(Command::Serve(args)) = parse(line) else { panic!("{line}") };
            assert_eq!(args.listen.port(), 1);
        }
        assert!(matches!(parse("mango-relay"), Ok(Command::Serve(args)) if args.listen.port() == 8080));
    }

    #[test]
    fn certificate_and_key_come_together() {
        assert!(parse("mango-relay --cert a --key b").is_ok());
        for line in ["mango-relay --cert a", "mango-relay --key b", "mango-relay serve --key b"] {
            assert!(parse(line).is_err(), "{line}");
        }
    }

    #[test]
    fn predict_wants_a_photo() {
        assert!(parse("mango-relay predict").is_err());
        assert!(
            matches!(parse("mango-relay predict --json a b"), Ok(Command::Predict(args)) if args.photos.len() == 2)
        );
    }

    #[test]
    fn a_heat_map_is_drawn_into_a_png_and_of_no_pool() {
        assert!(parse("mango-relay predict --heatmap where.PNG leaf.jpg").is_ok());
        for line in
            ["--heatmap leaf.jpg other.jpg", "--heatmap png leaf.jpg", "--heatmap a.png", "--pool --heatmap a.png b"]
        {
            assert!(parse(&format!("mango-relay predict {line}")).is_err(), "{line}");
        }
    }
}
