# SPDX-License-Identifier: Apache-2.0
# A request is met by the same major and minor version, with the requested patch or a later one.
set(PACKAGE_VERSION "@RELEASE@")
set(_vae4j_series "${PACKAGE_FIND_VERSION_MAJOR}.${PACKAGE_FIND_VERSION_MINOR}")
if(NOT "${CMAKE_SYSTEM_NAME}/${CMAKE_SYSTEM_PROCESSOR}" MATCHES "^Linux/(@PROCESSORS@)$")
  set(PACKAGE_VERSION "@RELEASE@ (Linux on @PLATFORM@)")
  set(PACKAGE_VERSION_UNSUITABLE TRUE)
elseif(PACKAGE_VERSION VERSION_LESS PACKAGE_FIND_VERSION OR
       NOT PACKAGE_VERSION MATCHES "^${_vae4j_series}(\\.|$)")
  set(PACKAGE_VERSION_COMPATIBLE FALSE)
else()
  set(PACKAGE_VERSION_COMPATIBLE TRUE)
  if(PACKAGE_VERSION VERSION_EQUAL PACKAGE_FIND_VERSION)
    set(PACKAGE_VERSION_EXACT TRUE)
  endif()
endif()
unset(_vae4j_series)
