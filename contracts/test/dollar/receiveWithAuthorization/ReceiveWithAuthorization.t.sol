// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC3009} from "@openzeppelin/contracts/interfaces/draft-IERC3009.sol";
import {ERC3009} from "@openzeppelin/contracts/token/ERC20/extensions/draft-ERC3009.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {Balances} from "../../support/Balances.sol";

contract ReceiveWithAuthorizationTest is Balances {
    uint256 private constant ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
    uint256 private constant UNITS = 5_000;
    bytes32 private constant NONCE = keccak256("nonce");

    struct Asked {
        address from;
        address to;
        uint256 value;
        uint256 validAfter;
        uint256 validBefore;
        bytes32 nonce;
        uint8 v;
        bytes32 r;
        bytes32 s;
    }

    function setUp() public {
        deploy();
        fund(LISTENER, UNITS);
        fund(STRANGER, UNITS);
        watch();
    }

    function test_ItMovesWhatWasSigned() public {
        ok(!dollar.authorizationState(LISTENER, NONCE), "not used before");
        vm.expectEmit(address(dollar));
        emit IERC3009.AuthorizationUsed(LISTENER, NONCE);
        vm.expectEmit(address(dollar));
        emit IERC20.Transfer(LISTENER, ANYONE, 3_000);
        vm.prank(ANYONE);
        done(address(dollar), asking(signed(0, block.timestamp + 1)));
        ok(dollar.authorizationState(LISTENER, NONCE), "used");
        ok(!dollar.authorizationState(ANYONE, NONCE), "one key's");
        moves(LISTENER, ANYONE, 3_000);
        onlyThatMoved();
    }

    function test_ANonceIsTakenOnce() public {
        Asked memory a = signed(0, block.timestamp + 1);
        a.value = 1_000;
        vm.prank(ANYONE);
        done(address(dollar), asking(signedBy(LISTENER_KEY, a)));
        bytes memory refusal = abi.encodeWithSelector(ERC3009.ERC3009UsedAuthorization.selector, LISTENER, NONCE);
        isRefused(signedBy(LISTENER_KEY, a), refusal, "the same again");
        a.from = STRANGER;
        vm.prank(ANYONE);
        done(address(dollar), asking(signedBy(STRANGER_KEY, a)));
        moves(LISTENER, ANYONE, 1_000);
        moves(STRANGER, ANYONE, 1_000);
        onlyThatMoved();
    }

    function test_RevertWhen_TheCallerIsNotPaid() public {
        bytes memory refusal = abi.encodeWithSelector(IERC20Errors.ERC20InvalidReceiver.selector, ANYONE);
        vm.prank(STRANGER);
        refused(address(dollar), asking(signed(0, block.timestamp + 1)), refusal, "pushed by another");
        onlyThatMoved();
    }

    function test_RevertWhen_ItIsNotWhatWasSigned() public {
        bytes memory refusal = abi.encodeWithSelector(ERC3009.ERC3009InvalidSignature.selector);
        Asked memory a = signed(0, block.timestamp + 1);
        a.from = STRANGER;
        isRefused(a, refusal, "another's money");
        a = signed(0, block.timestamp + 1);
        a.to = STRANGER;
        vm.prank(STRANGER);
        refused(address(dollar), asking(a), refusal, "to another");
        a = signed(0, block.timestamp + 1);
        a.value += 1;
        isRefused(a, refusal, "more");
        a = signed(block.timestamp, block.timestamp + 1);
        a.validAfter = 0;
        isRefused(a, refusal, "sooner");
        a = signed(0, block.timestamp + 1);
        a.validBefore += 1;
        isRefused(a, refusal, "later");
        a = signed(0, block.timestamp + 1);
        a.nonce = keccak256("another");
        isRefused(a, refusal, "another nonce");
        a = signed(0, block.timestamp + 1);
        vm.chainId(1);
        isRefused(a, refusal, "another chain");
        vm.chainId(31_337);
        onlyThatMoved();
    }

    function test_RevertWhen_TheSIsHigh() public {
        Asked memory a = signed(0, block.timestamp + 1);
        (a.v, a.s) = (a.v == 27 ? 28 : 27, bytes32(ORDER - uint256(a.s)));
        isRefused(a, abi.encodeWithSelector(ECDSA.ECDSAInvalidSignatureS.selector, a.s), "the other one");
    }

    function test_RevertWhen_TheVIsNone() public {
        Asked memory a = signed(0, block.timestamp + 1);
        a.v -= 27;
        isRefused(a, abi.encodeWithSelector(ECDSA.ECDSAInvalidSignature.selector), "0 or 1");
    }

    function test_RevertWhen_NobodyPays() public {
        Asked memory a = signed(0, block.timestamp + 1);
        (a.from, a.value, a.v) = (address(0), 0, 29);
        isRefused(a, abi.encodeWithSelector(ECDSA.ECDSAInvalidSignature.selector), "nobody");
    }

    function test_RevertWhen_ItIsNotTheTime() public {
        uint256 time = block.timestamp;
        bytes4 refusal = ERC3009.ERC3009InvalidAuthorizationTime.selector;
        isRefused(signed(time, time + 1), abi.encodeWithSelector(refusal, time, time + 1), "this second is not after");
        isRefused(signed(0, time), abi.encodeWithSelector(refusal, 0, time), "this second is not before");
        vm.prank(ANYONE);
        done(address(dollar), asking(signed(time - 1, time + 1)));
    }

    function test_RevertWhen_TheTimesAreBlocks() public {
        (uint256 first, uint256 last) = (1 << 47, 1 << 47 | 1 << 40);
        bytes4 refusal = ERC3009.ERC3009InvalidAuthorizationTime.selector;
        isRefused(signed(first, last), abi.encodeWithSelector(refusal, first, last), "seconds in a far future");
    }

    function isRefused(Asked memory a, bytes memory refusal, string memory what) private {
        vm.prank(ANYONE);
        refused(address(dollar), asking(a), refusal, what);
    }

    function asking(Asked memory a) private view returns (bytes memory) {
        return bytes.concat(dollar.receiveWithAuthorization.selector, abi.encode(a));
    }

    function signed(uint256 validAfter, uint256 validBefore) private view returns (Asked memory) {
        return signedBy(LISTENER_KEY, Asked(LISTENER, ANYONE, 3_000, validAfter, validBefore, NONCE, 0, 0, 0));
    }

    function signedBy(uint256 key, Asked memory a) private view returns (Asked memory) {
        string memory type_ =
            "ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)";
        bytes32 message =
            keccak256(abi.encode(keccak256(bytes(type_)), a.from, a.to, a.value, a.validAfter, a.validBefore, a.nonce));
        (a.v, a.r, a.s) = vm.sign(key, typed(domainOf("Dev Dollar", address(dollar)), message));
        return a;
    }
}
