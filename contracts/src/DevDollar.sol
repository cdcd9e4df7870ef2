// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC3009} from "@openzeppelin/contracts/token/ERC20/extensions/draft-ERC3009.sol";

/// @title Play money for the embedded chain, shaped like USDC: 6 decimals, EIP-2612, EIP-3009 with random nonces.
/// @notice Anybody makes as much as they like: worth nothing, and never to be deployed where money is real.
contract DevDollar is ERC20, ERC20Permit, ERC3009 {
    /// @notice Most units one call of the faucet makes: 10,000.000000.
    uint256 public constant FAUCET_MOST = 10_000_000_000;

    error FaucetTooMuch(uint256 units, uint256 most);

    constructor() ERC20("Dev Dollar", "DUSD") ERC20Permit("Dev Dollar") {}

    function decimals() public pure override returns (uint8) {
        return 6;
    }

    /// @notice Makes `units` for `to`. Anybody.
    function faucet(address to, uint256 units) external {
        require(units <= FAUCET_MOST, FaucetTooMuch(units, FAUCET_MOST));
        _mint(to, units);
    }
}
