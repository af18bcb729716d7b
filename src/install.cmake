# SPDX-License-Identifier: GPL-3.0-or-later
# What is installed, in four parts: library, development, command, data.
include(CMakePackageConfigHelpers)

set(PACKAGE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/tariff)
set(PKGCONFIG_DIR ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

install(TARGETS tariff EXPORT tariffShared
  LIBRARY COMPONENT library NAMELINK_COMPONENT development
  INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(TARGETS tariff_static EXPORT tariffStatic
  ARCHIVE COMPONENT development
  INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/tariff
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development FILES_MATCHING PATTERN "*.h")

# find_package(tariff). The static library needs its own libraries where it is linked, and so has
# its targets in a file of their own.
install(EXPORT tariffShared NAMESPACE tariff:: DESTINATION ${PACKAGE_DIR} COMPONENT development)
install(EXPORT tariffStatic NAMESPACE tariff:: DESTINATION ${PACKAGE_DIR} COMPONENT development)
configure_package_config_file(tariffConfig.cmake.in tariffConfig.cmake
  INSTALL_DESTINATION ${PACKAGE_DIR})
write_basic_package_version_file(tariffConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/tariffConfig.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/tariffConfigVersion.cmake
  DESTINATION ${PACKAGE_DIR} COMPONENT development)

# pkg-config tariff. Paths are relative to the file, so that the prefix may be moved.
file(RELATIVE_PATH PREFIX_FROM_PKGCONFIG
  ${CMAKE_INSTALL_PREFIX}/${PKGCONFIG_DIR} ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" PREFIX_FROM_PKGCONFIG "${PREFIX_FROM_PKGCONFIG}")
configure_file(tariff.pc.in tariff.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/tariff.pc
  DESTINATION ${PKGCONFIG_DIR} COMPONENT development)

install(TARGETS tariff_command RUNTIME COMPONENT command)

# Scenarios name their data as ../datasets/..., so the two stay side by side.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/datasets ${PROJECT_SOURCE_DIR}/scenarios
  DESTINATION ${CMAKE_INSTALL_DATADIR}/tariff COMPONENT data
  PATTERN "*.py" EXCLUDE PATTERN "*.sh" EXCLUDE)
