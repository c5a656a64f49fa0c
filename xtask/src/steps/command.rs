//! Runs programs; an error names the command.

use std::io::{IsTerminal, stderr};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use mango_relay_harness::end_of;

use super::repeat::quoted;
use super::workspace::cargo;

/// Most letters of a command in an error.
const LONGEST: usize = 160;

/// A cargo command that compiles. It shows cargo's progress on a terminal; elsewhere a line for each crate would hide
/// the other output.
pub(crate) fn compile(subcommand: &str, args: &[&str]) -> Command {
    let mut command = cargo(&[subcommand]);
    if !stderr().is_terminal() {
        command.arg("--quiet");
    }
    command.args(args);
    command
}

/// Runs a command.
///
/// # Errors
/// It does not start, or it fails.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start `{}`", words(command)))?;
    if !status.success() {
        bail!("`{}` ended with {status}", words(command));
    }
    Ok(())
}

/// Runs a command and returns its output.
///
/// # Errors
/// It does not start, or it fails; the error then contains the end of standard error.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("cannot start `{}`", words(command)))?;
    if !output.status.success() {
        let messages = String::from_utf8_lossy(&output.stderr);
        bail!("`{}` ended with {}: {}", words(command), output.status, end_of(&messages));
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{}` printed no text", words(command)))
}

/// The command for an error message: the program without its folder, and its arguments, cut off when there are many.
fn words(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let mut text = quoted(&program.to_string_lossy());
    for argument in command.get_args() {
        let argument = quoted(&argument.to_string_lossy());
        if text.chars().count() + argument.chars().count() > LONGEST {
            return text + " ...";
        }
        text = text + " " + &argument;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_name_the_command_and_what_it_printed() {
        let error = run(Command::new("sh").args(["-c", "exit 3"])).unwrap_err();
        assert_eq!(error.to_string(), "`sh -c 'exit 3'` ended with exit status: 3");
        let error = output(Command::new("sh").args(["-c", "echo no such leaf >&2; exit 1"])).unwrap_err();
        assert!(error.to_string().ends_with("exit status: 1: no such leaf"), "{error}");
        let error = run(&mut Command::new("/no/such/program")).unwrap_err();
        assert_eq!(error.to_string(), "cannot start `program`");
    }

    #[test]
    fn long_commands_are_cut_off() {
        let mut command = Command::new("/usr/bin/node");
        command.args((0..100).map(|number| format!("test-{number}.js")));
        let text = words(&command);
        assert!(text.starts_with("node test-0.js") && text.ends_with(" ..."), "{text}");
        assert!(text.len() <= LONGEST + 4, "{text}");
    }
}
