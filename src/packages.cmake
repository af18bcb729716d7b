# SPDX-License-Identifier: GPL-3.0-or-later
# Debian packages, one for each part that is installed: cpack -G DEB in the build directory.
# Debian asks for an address to which mail about a package goes. Nobody here promises to answer any:
# .invalid is reserved (RFC 2606), so that none goes to a stranger. Who distributes packages puts
# their own in its place.
set(TARIFF_MAINTAINER "libtariff maintainers <noreply@libtariff.invalid>"
    CACHE STRING "Maintainer of the Debian packages: Name <address>")
set(CPACK_PACKAGE_CONTACT "${TARIFF_MAINTAINER}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL library development command data)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)

set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME libtariff${PROJECT_VERSION_MAJOR})
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libtariff-dev)
set(CPACK_DEBIAN_COMMAND_PACKAGE_NAME tariff)
set(CPACK_DEBIAN_DATA_PACKAGE_NAME tariff-data)

# Below the description of the project, which they share.
set(CPACK_COMPONENT_LIBRARY_DESCRIPTION "The shared library, for programs that are linked with it.")
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION
    "Headers, the static library, and files for CMake and pkg-config.")
set(CPACK_COMPONENT_COMMAND_DESCRIPTION
    "The command: runs scenarios of trade flows under tariff schedules and explains every number.")
set(CPACK_COMPONENT_DATA_DESCRIPTION
    "Tariff schedules with their sources, trade flows, and scenarios that cite their law.")

# The command has the library inside; only those who link it need libtariff0.
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_COMMAND_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_COMMAND_PACKAGE_RECOMMENDS "tariff-data (= ${PROJECT_VERSION})")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS
    "${CPACK_DEBIAN_LIBRARY_PACKAGE_NAME} (= ${PROJECT_VERSION})")
# What the static library is linked with.
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SUGGESTS
    libcsv-dev libyaml-dev libjansson-dev libxxhash-dev libgsl-dev zlib1g-dev libzstd-dev nettle-dev)
list(JOIN CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SUGGESTS ", " CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SUGGESTS)
set(CPACK_DEBIAN_DATA_PACKAGE_ARCHITECTURE all)

foreach(part IN LISTS CPACK_COMPONENTS_ALL)
  string(TOUPPER ${part} name)
  install(FILES ${PROJECT_SOURCE_DIR}/LICENSE RENAME copyright COMPONENT ${part}
    DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${CPACK_DEBIAN_${name}_PACKAGE_NAME})
endforeach()
include(CPack)
