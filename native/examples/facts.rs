// SPDX-License-Identifier: Apache-2.0
//! Prints the facts of a model, and log p(x) of the means E[x|z] at four draws of z from its prior.
//! usage: facts MODEL, for example: facts runs/mnist
//! rustc facts.rs -L /opt/vae4j/lib -C link-arg=-Wl,-rpath,/opt/vae4j/lib
use std::ffi::{c_char, c_int, CStr, CString, OsStr};
use std::io::{stdout, Write};
use std::os::unix::ffi::OsStrExt;
use std::ptr::{null, null_mut};

#[repr(C)]
struct Model {
    _private: [u8; 0],
}

const ABI: c_int = 1; // VAE4J_MODEL_ABI
const FEATURES: c_int = 0;
const LATENT: c_int = 1;
const WEIGHTS: c_int = 5;
const LIKELIHOOD: c_int = 0;

#[link(name = "vae4j")]
extern "C" {
    fn vae4j_last_error() -> *const c_char;
    fn vae4j_model_open(
        abi: c_int, path: *const c_char, threads: c_int, isa: *const c_char, out: *mut *mut Model,
    ) -> c_int;
    fn vae4j_model_close(model: *mut Model) -> c_int;
    fn vae4j_model_size(model: *const Model, which: c_int, out: *mut i64) -> c_int;
    fn vae4j_model_text(model: *const Model, which: c_int, out: *mut *const c_char) -> c_int;
    fn vae4j_model_sample_prior(
        model: *const Model, rows: i64, seed: i64, temperature: f64, z: *mut f32,
    ) -> c_int;
    fn vae4j_model_decode(
        model: *const Model, z: *const f32, condition: *const f32, rows: i64, x: *mut f32,
    ) -> c_int;
    fn vae4j_model_log_likelihood(
        model: *const Model, x: *const f32, condition: *const f32, rows: i64, samples: i64,
        seed: i64, log_likelihood: *mut f64, effective_size: *mut f64,
    ) -> c_int;
}

fn text(pointer: *const c_char) -> String {
    unsafe { CStr::from_ptr(pointer) }.to_string_lossy().into_owned()
}

fn check(status: c_int) -> Result<(), String> {
    if status == 0 { Ok(()) } else { Err(text(unsafe { vae4j_last_error() })) }
}

/// println! panics where the output cannot be written.
fn say(line: &str) -> Result<(), String> {
    writeln!(stdout(), "{line}").map_err(|error| format!("standard output: {error}"))
}

/// An open model, which is closed with it.
struct Open(*mut Model);

impl Drop for Open {
    fn drop(&mut self) {
        unsafe { vae4j_model_close(self.0) };
    }
}

impl Open {
    fn size(&self, which: c_int) -> Result<i64, String> {
        let mut found = 0;
        check(unsafe { vae4j_model_size(self.0, which, &mut found) })?;
        Ok(found)
    }
}

fn run(path: &OsStr) -> Result<(), String> {
    let path = CString::new(path.as_bytes()).map_err(|error| error.to_string())?;
    let mut model = Open(null_mut());
    check(unsafe { vae4j_model_open(ABI, path.as_ptr(), 1, null(), &mut model.0) })?;
    let (features, latent) = (model.size(FEATURES)?, model.size(LATENT)?);
    let mut likelihood = null();
    check(unsafe { vae4j_model_text(model.0, LIKELIHOOD, &mut likelihood) })?;
    say(&format!(
        "{} features, {} latent, likelihood {}, {} weights",
        features, latent, text(likelihood), model.size(WEIGHTS)?
    ))?;

    let rows = 4;
    let mut z = vec![0f32; (rows * latent) as usize];
    let mut x = vec![0f32; (rows * features) as usize];
    let mut log_p = vec![0f64; rows as usize];
    check(unsafe { vae4j_model_sample_prior(model.0, rows, 0, 1.0, z.as_mut_ptr()) })?;
    check(unsafe { vae4j_model_decode(model.0, z.as_ptr(), null(), rows, x.as_mut_ptr()) })?;
    check(unsafe {
        vae4j_model_log_likelihood(
            model.0, x.as_ptr(), null(), rows, 100, 0, log_p.as_mut_ptr(), null_mut(),
        )
    })?;
    for value in log_p {
        say(&format!("log p(x) = {value:.3} nats"))?;
    }
    Ok(())
}

fn main() {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    if arguments.len() != 1 {
        eprintln!("usage: facts MODEL");
        std::process::exit(2);
    }
    if let Err(message) = run(&arguments[0]) {
        eprintln!("{message}");
        std::process::exit(1);
    }
}
