/// Two questions to a bound i915 driver. Neither changes anything.
#ifndef VGT_DRIVER_H
#define VGT_DRIVER_H

#include <stdint.h>

struct vgt_aperture {
    /// Bytes of the whole GGTT.
    uint64_t size;
    /// Bytes neither reserved nor pinned.
    uint64_t available;
    /// 0 or an errno value.
    int error;
};

/// DRM_IOCTL_I915_GEM_GET_APERTURE on an open DRM node.
struct vgt_aperture vgt_i915_aperture(int node);

struct vgt_fences {
    int32_t count;
    /// 0 or an errno value.
    int error;
};

/// I915_PARAM_NUM_FENCES_AVAIL on an open DRM node.
struct vgt_fences vgt_i915_fences(int node);

#endif
