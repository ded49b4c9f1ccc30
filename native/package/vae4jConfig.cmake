# SPDX-License-Identifier: Apache-2.0
# find_package(vae4j) defines the target vae4j::vae4j. The folder of the package may be moved.
get_filename_component(_vae4j_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
if(NOT TARGET vae4j::vae4j)
  add_library(vae4j::vae4j SHARED IMPORTED)
  set_target_properties(vae4j::vae4j PROPERTIES
    IMPORTED_LOCATION "${_vae4j_prefix}/lib/libvae4j.so.@RELEASE@"
    IMPORTED_SONAME "@SONAME@"
    INTERFACE_INCLUDE_DIRECTORIES "${_vae4j_prefix}/include")
endif()
unset(_vae4j_prefix)
