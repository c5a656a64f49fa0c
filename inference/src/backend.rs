//! The backends that the network runs on.

use burn::tensor::Device;

/// A burn backend of this build. Cargo features choose them; there is at least one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// burn-flex: SIMD, pure Rust.
    #[cfg(feature = "flex")]
    Flex,
    /// burn-ndarray: the independent reference for parity tests.
    #[cfg(feature = "ndarray")]
    NdArray,
}

#[cfg(not(any(feature = "flex", feature = "ndarray")))]
compile_error!("mango-inference needs a backend: turn on the feature `flex` or `ndarray`");

impl Backend {
    /// The backends of this build.
    const ALL: &'static [Self] = &[
        #[cfg(feature = "flex")]
        Self::Flex,
        #[cfg(feature = "ndarray")]
        Self::NdArray,
    ];

    /// The backend that computes on a device, whether or not the device records gradients; `None` if this build has no
    /// kernels for the device.
    #[must_use]
    pub fn of(device: &Device) -> Option<Self> {
        let records = cfg!(feature = "train") || !device.is_autodiff();
        Self::ALL.iter().copied().find(|backend| records && backend.device() == *device)
    }

    /// The burn device to load and run on.
    #[must_use]
    pub fn device(self) -> Device {
        match self {
            #[cfg(feature = "flex")]
            Self::Flex => Device::flex(),
            #[cfg(feature = "ndarray")]
            #[allow(deprecated, reason = "burn-ndarray's last line of releases is our reference")]
            Self::NdArray => Device::ndarray(),
        }
    }
}

impl Default for Backend {
    /// Flex if the build has it.
    fn default() -> Self {
        #[cfg(feature = "flex")]
        return Self::Flex;
        #[cfg(not(feature = "flex"))]
        Self::NdArray
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_backend_is_found_by_its_device() {
        for backend in Backend::ALL {
            assert_eq!(Backend::of(&backend.device()), Some(*backend));
            #[cfg(feature = "train")]
            assert_eq!(Backend::of(&backend.device().autodiff()), Some(*backend));
        }
    }
}
