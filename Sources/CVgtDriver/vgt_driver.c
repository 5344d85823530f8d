#include "vgt_driver.h"

#include <errno.h>
#include <libdrm/i915_drm.h>
#include <sys/ioctl.h>

/* A signal may interrupt the call before it did anything. */
static int ioctl_again(int node, unsigned long request, void *argument)
{
    int result;

    do {
        result = ioctl(node, request, argument);
    } while (result != 0 && (errno == EINTR || errno == EAGAIN));
    return result == 0 ? 0 : errno;
}

struct vgt_aperture vgt_i915_aperture(int node)
{
    struct drm_i915_gem_get_aperture answer = {0};
    int error = ioctl_again(node, DRM_IOCTL_I915_GEM_GET_APERTURE, &answer);

    return (struct vgt_aperture){answer.aper_size, answer.aper_available_size, error};
}

struct vgt_fences vgt_i915_fences(int node)
{
    int count = 0;
    struct drm_i915_getparam query = {.param = I915_PARAM_NUM_FENCES_AVAIL, .value = &count};
    int error = ioctl_again(node, DRM_IOCTL_I915_GETPARAM, &query);

    return (struct vgt_fences){count, error};
}
