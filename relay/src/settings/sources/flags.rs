//! Flags of `serve`.

use std::collections::BTreeMap;
use std::ffi::OsString;

use clap::builder::OsStringValueParser;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};

use crate::settings::definitions::{Arity, CONFIG, Definition, GROUPS};

/// The flags of `serve` as given. [`Settings`](crate::settings::Settings) parses and checks them, together with the
/// environment and the configuration file.
#[derive(Clone, Debug, Default)]
pub struct ServeArgs {
    given: BTreeMap<&'static str, Vec<OsString>>,
}

impl ServeArgs {
    /// The names given as flags, with their values.
    pub(crate) fn given(&self) -> impl Iterator<Item = (&'static str, &[OsString])> {
        self.given.iter().map(|(name, values)| (*name, values.as_slice()))
    }
}

fn flags() -> impl Iterator<Item = (&'static str, &'static dyn Definition)> {
    let settings = GROUPS.iter().flat_map(|(heading, group)| group.iter().map(|setting| (*heading, *setting)));
    std::iter::once(("Options", &CONFIG as &dyn Definition)).chain(settings)
}

/// The flag of a setting, and the hidden one of its former name.
fn args(heading: &'static str, setting: &dyn Definition) -> impl Iterator<Item = Arg> {
    let former = setting.former().map(|name| arg(name, heading, setting).hide(true));
    std::iter::once(arg(setting.name(), heading, setting)).chain(former)
}

fn arg(name: &'static str, heading: &'static str, setting: &dyn Definition) -> Arg {
    let default = setting.default();
    let help = match default.as_str() {
        "" => setting.help().to_owned(),
        default => format!("{} [default: {default}]", setting.help()),
    };
    let arg = Arg::new(name).long(name).value_parser(OsStringValueParser::new()).help(help);
    let arg = arg.help_heading(heading).value_name(setting.value_name());
    match setting.arity() {
        // `--no-pests` is true; `--no-pests=false` overrides a true from the environment or the file.
        Arity::Switch => arg.num_args(0..=1).require_equals(true).default_missing_value("true"),
        arity if arity.several() => arg.action(ArgAction::Append),
        _ => arg,
    }
}

impl Args for ServeArgs {
    fn augment_args(command: Command) -> Command {
        flags().fold(command, |command, (heading, setting)| command.args(args(heading, setting)))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for ServeArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let names = flags().flat_map(|(_, setting)| [Some(setting.name()), setting.former()]).flatten();
        let values = |name: &'static str| {
            // `gallery` has flags of the same name and another type. The matches of a subcommand propagate to here.
            let values = matches.try_get_many::<OsString>(name).ok().flatten()?;
            Some((name, values.cloned().collect()))
        };
        Ok(Self { given: names.filter_map(values).collect() })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.given.extend(Self::from_arg_matches(matches)?.given);
        Ok(())
    }
}
