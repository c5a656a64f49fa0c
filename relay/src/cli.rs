//! The command line.

mod cert;
mod config;
mod feedback;
mod gallery;
mod predict;
mod probe;
mod url;

pub use cert::{CertArgs, CertCommand, CheckArgs, ConvertArgs, ShowArgs};
pub use config::{CheckConfigArgs, ConfigArgs, ConfigCommand};
pub use feedback::{DeleteFeedbackArgs, ExportFeedbackArgs, FeedbackArgs, FeedbackCommand, ListFeedbackArgs};
pub use gallery::{AddArgs, EvaluateArgs, GalleryArgs, GalleryCommand, ListArgs, RebuildArgs, RemoveArgs, RenameArgs};
pub use predict::PredictArgs;
pub use probe::ProbeArgs;
pub use url::{Url, UrlError};

pub use crate::model::ModelArgs;
pub use crate::settings::ServeArgs;

use clap::{Parser, Subcommand};

const EXAMPLES: &str = "\
Examples:
  Serve on 0.0.0.0:8080 with a development certificate:
    mango-relay
  Serve with a certificate of your own:
    mango-relay --cert chain.pem --key key.pem
    mango-relay --pfx site.pfx --pfx-password-file keystorePass.txt
  Serve with settings in a file, after a look at them:
    mango-relay config check --config relay.toml
    mango-relay --config relay.toml
  Check whether a phone accepts a server's certificate:
    mango-relay cert check relay.example:8080
  Name what photos show, as a table or as one line of JSON a photo:
    mango-relay predict leaf.jpg
    mango-relay predict --json photos/*.jpg > answers.jsonl
  Get one prediction for up to six photos of one plant:
    mango-relay predict --pool front.jpg back.jpg tip.jpg
  Draw the heat map of the first class over a photo:
    mango-relay predict --heatmap where.png leaf.jpg
  Add a class from a few photos, and use it:
    mango-relay gallery add --class thrips --label 蓟马 thrips/*.jpg
    mango-relay --gallery orchard.gallery
  Ask a relay:
    curl -k -F picture=@leaf.jpg https://localhost:8080/upload_image
  Ask it for a heat map too:
    curl -k -F picture=@leaf.jpg 'https://localhost:8080/upload_image?explain=1'";

/// Classifies pests and diseases on photos of mango leaves.
///
/// Without a subcommand it runs `serve`.
#[derive(Clone, Debug, Parser)]
#[command(name = "mango-relay", version, args_conflicts_with_subcommands = true, after_help = EXAMPLES)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: ServeArgs,
}

impl Cli {
    /// The subcommand to run; `serve` by default.
    #[must_use]
    pub fn into_command(self) -> Command {
        self.command.unwrap_or(Command::Serve(self.serve))
    }
}

/// The subcommands.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Inspect and convert certificates, and check a server's
    Cert(CertArgs),
    /// Check the settings of `serve`
    Config(ConfigArgs),
    /// List, export and delete the photos that growers sent with their class
    Feedback(FeedbackArgs),
    /// Add classes from a few photos, and manage the galleries
    Gallery(GalleryArgs),
    /// Classify photos on this machine
    Predict(PredictArgs),
    /// Check whether a relay is healthy; exit code 1 if it is not
    Probe(ProbeArgs),
    /// Serve predictions over HTTPS
    Serve(ServeArgs),
}

/// A prefix of a hexadecimal text of at most `most` digits, in lower case. `whole` names that text in the error.
fn prefix(text: &str, most: usize, whole: &str) -> Result<String, String> {
    if (8..=most).contains(&text.len()) && text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        Ok(text.to_ascii_lowercase())
    } else {
        Err(format!("give the first 8 or more hexadecimal digits of {whole}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    fn parse(line: &str) -> Result<Command, clap::Error> {
        Cli::try_parse_from(line.split(' ')).map(Cli::into_command)
    }

    #[test]
    fn the_command_definition_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn serving_is_the_default() {
        for line in ["mango-relay --listen 127.0.0.1:1", "mango-relay serve --listen 127.0.0.1:1"] {
            let Ok(Command::Serve(args)) = parse(line) else { panic!("{line}") };
            let given: Vec<_> = args.given().collect();
            assert_eq!(given, [("listen", ["127.0.0.1:1".into()].as_slice())]);
        }
        assert!(matches!(parse("mango-relay"), Ok(Command::Serve(args)) if args.given().count() == 0));
    }

    #[test]
    fn a_flag_of_one_value_is_given_once_and_a_password_never() {
        assert!(parse("mango-relay --gallery a --gallery b --no-pests --no-pests=false").is_err());
        assert!(parse("mango-relay --gallery a --gallery b --no-pests").is_ok());
        for line in ["--queue 1 --queue 2", "--pfx a --pfx-password b", "--no-such-flag", "--queue"] {
            assert!(parse(&format!("mango-relay {line}")).is_err(), "{line}");
        }
    }

    #[test]
    fn settings_are_checked_with_the_flags_of_serve() {
        let Ok(Command::Config(args)) = parse("mango-relay config check --toml --queue 7") else { panic!() };
        let ConfigCommand::Check(args) = args.command;
        assert!(args.toml && args.serve.given().count() == 1);
    }

    #[test]
    fn predict_requires_a_photo() {
        assert!(parse("mango-relay predict").is_err());
        assert!(
            matches!(parse("mango-relay predict --json a b"), Ok(Command::Predict(args)) if args.photos.len() == 2)
        );
    }

    #[test]
    fn probe_takes_a_url_or_a_listen_address() {
        for line in
            ["probe", "probe --listen 127.0.0.1:1", "probe https://relay.example/readyz", "probe https://[::1]:1"]
        {
            assert!(parse(&format!("mango-relay {line}")).is_ok(), "{line}");
        }
        for line in ["relay.example", "http://relay.example/", "https://芒果.example/", "/livez", "--listen here"] {
            assert!(parse(&format!("mango-relay probe {line}")).is_err(), "{line}");
        }
    }

    #[test]
    fn a_heat_map_needs_a_png_path_and_no_pool() {
        assert!(parse("mango-relay predict --heatmap where.PNG leaf.jpg").is_ok());
        for line in
            ["--heatmap leaf.jpg other.jpg", "--heatmap png leaf.jpg", "--heatmap a.png", "--pool --heatmap a.png b"]
        {
            assert!(parse(&format!("mango-relay predict {line}")).is_err(), "{line}");
        }
    }

    #[test]
    fn gallery_flags_may_come_before_or_after_the_subcommand() {
        for line in ["gallery --gallery a.gallery --no-pests list", "gallery list --no-pests --gallery a.gallery"] {
            let Ok(Command::Gallery(args)) = parse(&format!("mango-relay {line}")) else { panic!("{line}") };
            assert_eq!(args.file.to_str(), Some("a.gallery"));
            assert!(args.model().no_pests && args.model().model.is_none());
        }
    }

    #[test]
    fn photos_are_removed_by_class_key_or_file() {
        for line in ["--class a", "--key 0123456789 ABCDEF01", "a.jpg b.jpg"] {
            assert!(parse(&format!("mango-relay gallery remove {line}")).is_ok(), "{line}");
        }
        for line in ["", " --class a b.jpg", " --class a --key 01234567", " --key 0123456", " --key 0123456x"] {
            assert!(parse(&format!("mango-relay gallery remove{line}")).is_err(), "{line}");
        }
    }

    #[test]
    fn feedback_is_deleted_by_id_or_code_or_all_of_it() {
        for line in [
            "0123456789",
            "0123456789 ABCDEF01 --code 2P3TYvZ0mQm1bLJ0a8kzWQ",
            "--code -P3TYvZ0mQm1bLJ0a8kzWQ",
            "--all",
        ] {
            assert!(parse(&format!("mango-relay feedback delete {line}")).is_ok(), "{line}");
        }
        for line in ["", " 0123456", " ../../etc", " --code short", " --all 01234567"] {
            assert!(parse(&format!("mango-relay feedback delete{line}")).is_err(), "{line}");
        }
        let Ok(Command::Feedback(args)) = parse("mango-relay feedback list --feedback kept") else { panic!() };
        assert_eq!(args.folder.to_str(), Some("kept"));
        assert!(parse("mango-relay feedback export").is_err());
    }

    #[test]
    fn rename_changes_id_or_label_or_both() {
        for line in ["a b", "a --label x", "a b --label x"] {
            assert!(parse(&format!("mango-relay gallery rename {line}")).is_ok(), "{line}");
        }
        for line in ["a", "a B", "a b c"] {
            assert!(parse(&format!("mango-relay gallery rename {line}")).is_err(), "{line}");
        }
    }
}
